package io.meshwork.operation;

import io.meshwork.error.Finding;
import java.util.List;

/**
 * What a commit would do, for people and for programs. Immutable: it describes the state at the
 * time of the call. {@code toString()} is for reading; only {@link #commit()} changes something.
 *
 * @param <R> what exists after the change
 */
public interface Plan<R> {
  /** Returns the steps in order; empty if there is nothing to change, or the change is refused. */
  List<Step> steps();

  /** Returns the reasons against the change, and what it cannot do. */
  List<Finding> findings();

  /** Returns the hash of the steps and of what they depend on, in lower-case hexadecimal. */
  String fingerprint();

  /**
   * Makes exactly this change.
   *
   * @throws io.meshwork.error.ConflictException if the plan would be different now; nothing was
   *     changed
   * @throws io.meshwork.error.MeshException as a subclass for each next action of the caller
   */
  R commit();

  /** Returns true if {@link #commit()} would not be rejected by what the plan found. */
  default boolean isAllowed() {
    return true;
  }

  /**
   * Returns true if there is nothing to change. False for a change that is refused: it has no steps
   * either, but the state is not the requested one.
   */
  default boolean isEmpty() {
    return isAllowed() && steps().isEmpty();
  }

  /**
   * One step. Immutable.
   *
   * @param verb the action, such as {@code compact}
   * @param subject what it applies to, such as {@code commerce.orders_v1}
   * @param detail how much, and why; never field values
   * @param undo how to undo it; empty if nothing needs undoing
   */
  record Step(String verb, String subject, String detail, String undo) {
    @Override
    public String toString() {
      return verb + " " + subject + ": " + detail;
    }
  }
}
