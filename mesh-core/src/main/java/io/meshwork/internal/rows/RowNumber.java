package io.meshwork.internal.rows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The number of a row in the input of a publish, from 0. Where tasks divide the rows, the numbers
 * of each task start at another one.
 */
public final class RowNumber {
  /** Maximum number of tasks: keys store the number of their row in 60 bits. */
  public static final int MAX_TASKS = 1_000_000;

  private static final int BITS_OF_ROW = 40;

  private RowNumber() {}

  /**
   * Returns the number of the first row of a task.
   *
   * @param task its number, from 0, below {@link #MAX_TASKS}
   */
  public static long first(int task) {
    return (task + 1L) << BITS_OF_ROW;
  }

  /** Returns the task of a row with a number that is based on {@link #first}. */
  public static int taskOf(long row) {
    return (int) (row >> BITS_OF_ROW) - 1;
  }

  /** Returns how a message names a row, from 1, such as {@code 18} or {@code 18 of task 3}. */
  public static String text(long row) {
    return hasTask(row) ? position(row) + " of task " + taskOf(row) : Long.toString(position(row));
  }

  /** Returns how a sample names a row, from 1, such as {@code {"row":18,"task":3}}. */
  public static ObjectNode json(long row) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("row", position(row));
    return hasTask(row) ? json.put("task", taskOf(row)) : json;
  }

  private static boolean hasTask(long row) {
    return row >= first(0);
  }

  private static long position(long row) {
    return hasTask(row) ? row - first(taskOf(row)) + 1 : row + 1;
  }
}
