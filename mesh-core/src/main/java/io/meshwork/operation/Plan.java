package io.meshwork.operation;

import io.meshwork.error.Finding;
import java.util.List;

/**
 * What a commit would do, for people and for programs. A value as of when it was made, whose {@code
 * toString()} is for reading; only {@link #commit()} does something.
 *
 * @param <R> what exists after the change
 */
public interface Plan<R> {
  /** Steps in the order in which they would be taken; empty when everything is so already. */
  List<Step> steps();

  /** What speaks against it, or has to be left as it is. */
  List<Finding> findings();

  /** Hash of the steps and of what they rest on, as lower-case hexadecimal. */
  String fingerprint();

  /**
   * Does exactly this.
   *
   * @throws io.meshwork.error.ConflictException if the plan would be another one by now; nothing
   *     was done
   * @throws io.meshwork.error.MeshException cut by what the caller does next
   */
  R commit();

  /** True when nothing would change. */
  default boolean isEmpty() {
    return steps().isEmpty();
  }

  /**
   * One step. Immutable.
   *
   * @param verb what is done, such as {@code compact}
   * @param subject on what, such as {@code commerce.orders_v1}
   * @param detail how much, and why; never field values
   * @param undo how it would be undone; empty if nothing has to be
   */
  record Step(String verb, String subject, String detail, String undo) {
    @Override
    public String toString() {
      return verb + " " + subject + ": " + detail;
    }
  }
}
