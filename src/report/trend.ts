export type { Trend, TrendSegment } from '../model/trend.ts';
