/** The number of a commit: 1, 2, 3, … in the order of the log; 0 is the loaded image. Exact below 2^53. */
export type Version = number;
