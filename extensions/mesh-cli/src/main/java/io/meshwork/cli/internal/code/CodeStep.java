package io.meshwork.cli.internal.code;

import io.meshwork.error.Finding;
import java.util.List;
import java.util.Optional;

/**
 * One difference between a file and the mesh.
 *
 * @param sign what kind of difference
 * @param text what it is about
 * @param state what else the fingerprint depends on, such as the fingerprint of an operation's plan
 * @param change makes the mesh as the file says; empty if nothing here can
 * @param refusal why the change is not allowed; empty if it is
 */
record CodeStep(
    Sign sign, String text, String state, Optional<Runnable> change, List<Finding> refusal) {
  /** What kind of difference. */
  enum Sign {
    /** The file has it, the mesh has not. */
    ADD('+'),
    /** Both have it, differently. */
    CHANGE('~'),
    /** The mesh has it, the file has not. */
    UNMANAGED('!'),
    /** The change is not allowed as a change. */
    REFUSED('x');

    private final char character;

    Sign(char character) {
      this.character = character;
    }

    char character() {
      return character;
    }
  }

  static CodeStep of(Sign sign, String text, String state, Runnable change) {
    return new CodeStep(sign, text, state, Optional.of(change), List.of());
  }

  @Override
  public String toString() {
    return sign.character() + " " + text;
  }
}
