package io.meshwork.conformance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import java.util.List;

/**
 * One bad input and what a caller is told.
 *
 * @param number its number in the plan of faults, or a dash
 * @param kind the class of the exception, which says what the caller does next
 * @param code its code
 * @param told what the message names: facts, and what to do
 * @param before makes what the bad input is about, beside the orders; a damage too
 * @param damaged whether that leaves a mesh that is no longer whole
 * @param attempt gives the bad input
 */
record BadInput(
    String number,
    String what,
    Class<? extends MeshException> kind,
    ErrorCode code,
    List<String> told,
    Attempt before,
    boolean damaged,
    Attempt attempt) {
  /** Does something with a mesh that holds the orders. */
  interface Attempt {
    void on(MeshFixture suite) throws Exception;
  }

  static BadInput of(
      String number,
      String what,
      Class<? extends MeshException> kind,
      ErrorCode code,
      List<String> told,
      Attempt attempt) {
    return new BadInput(number, what, kind, code, told, suite -> {}, false, attempt);
  }

  /** The same, after something was made that is whole. */
  BadInput after(Attempt made) {
    return new BadInput(number, what, kind, code, told, made, false, attempt);
  }

  /** The same, after something was broken. */
  BadInput afterDamage(Attempt damage) {
    return new BadInput(number, what, kind, code, told, damage, true, attempt);
  }

  @Override
  public String toString() {
    return number + " " + what;
  }
}
