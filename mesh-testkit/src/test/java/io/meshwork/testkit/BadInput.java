package io.meshwork.testkit;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import java.util.List;

/**
 * One bad input and what a caller is told.
 *
 * @param number its number in the plan of faults, or a word
 * @param kind the class of the exception, which says what the caller does next
 * @param code its code
 * @param told what the message names: facts, and what to do
 * @param attempt gives the bad input to a mesh that holds the orders
 */
record BadInput(
    String number,
    String what,
    Class<? extends MeshException> kind,
    ErrorCode code,
    List<String> told,
    Attempt attempt) {
  /** Does what must be refused. */
  interface Attempt {
    void on(MeshSuite suite) throws Exception;
  }

  @Override
  public String toString() {
    return number + " " + what;
  }
}
