package io.meshwork.internal.quality;

/**
 * The number of a row in the input of a publish, from 0. Where tasks divide the rows, the numbers
 * of each task start at another one.
 */
public final class RowNumber {
  private static final int BITS_OF_ROW = 40;

  private RowNumber() {}

  /** Returns the number of the first row of a task, whose own number is from 0. */
  public static long first(int task) {
    return (task + 1L) << BITS_OF_ROW;
  }

  /** Returns the task of a row with a number that is based on {@link #first}. */
  public static int taskOf(long row) {
    return (int) (row >> BITS_OF_ROW) - 1;
  }

  /** Returns how a message names a row, from 1, such as {@code 18} or {@code 18 of task 3}. */
  public static String text(long row) {
    long task = row >> BITS_OF_ROW;
    return task <= 0
        ? Long.toString(row + 1)
        : (row - (task << BITS_OF_ROW) + 1) + " of task " + (task - 1);
  }
}
