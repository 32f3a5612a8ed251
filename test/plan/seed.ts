/** The block of the plan that Paceline grew from, word for word. */
export const SEED_BLOCK = `scenarios:
  - name: "Full Test Suite"
    command: "python -m pytest -v -n 2 --cov=."
    target: "< 180 seconds"
  
  - name: "Quick Tests Only"
    command: "python -m pytest -v -n 2 -m 'not slow'"
    target: "< 120 seconds"
  
  - name: "Single Worker"
    command: "python -m pytest -v --cov=."
    target: "< 300 seconds"
  
  - name: "Parallel Workers"
    command: "python -m pytest -v -n 4 --cov=."
    target: "< 150 seconds"
`;
