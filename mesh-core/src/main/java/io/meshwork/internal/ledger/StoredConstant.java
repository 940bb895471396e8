package io.meshwork.internal.ledger;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.stream.Stream;

/** Reads constants that are stored as text, of which a later version can have more. Stateless. */
public final class StoredConstant {
  private StoredConstant() {}

  /**
   * Returns the constant with this name, in any case.
   *
   * @param what what has it, such as {@code the mode of a subscription}
   * @throws BackendException if this version does not know it
   */
  public static <E extends Enum<E>> E of(Class<E> type, String text, String what) {
    return Stream.of(type.getEnumConstants())
        .filter(each -> each.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> unknown(what, text));
  }

  static BackendException unknown(String what, String text) {
    return Failure.of(MeshAction.of(Verb.READ, what))
        .because("this version of Meshwork does not know its value '" + text + "'")
        .fix("Use the version of Meshwork that wrote it, or a newer one.")
        .lasting(ErrorCode.REGISTRY_VERSION);
  }
}
