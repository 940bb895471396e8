package io.meshwork.internal.conformance.input;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import java.util.List;

/**
 * One invalid input and the expected error.
 *
 * @param number its number in the fault plan, or a dash
 * @param kind the class of the exception, which determines the next action of the caller
 * @param code the error code
 * @param expected the facts and the fix that the message contains
 * @param before creates the state that the input requires in addition to the orders, such as damage
 * @param damaged whether that state is a damaged mesh
 * @param attempt passes the invalid input
 */
record BadInput(
    String number,
    String what,
    Class<? extends MeshException> kind,
    ErrorCode code,
    List<String> expected,
    Attempt before,
    boolean damaged,
    Attempt attempt) {
  /** An action on a mesh that contains the orders. */
  interface Attempt {
    void on(MeshFixture suite) throws Exception;
  }

  static BadInput of(
      String number,
      String what,
      Class<? extends MeshException> kind,
      ErrorCode code,
      List<String> expected,
      Attempt attempt) {
    return new BadInput(number, what, kind, code, expected, suite -> {}, false, attempt);
  }

  /** Returns a bad input that requires additional intact state. */
  BadInput after(Attempt made) {
    return new BadInput(number, what, kind, code, expected, made, false, attempt);
  }

  /** Returns a bad input that requires damaged state. */
  BadInput afterDamage(Attempt damage) {
    return new BadInput(number, what, kind, code, expected, damage, true, attempt);
  }

  @Override
  public String toString() {
    return number + " " + what;
  }
}
