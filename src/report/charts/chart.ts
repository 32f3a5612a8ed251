export type Chart = { readonly kind: 'none' };
