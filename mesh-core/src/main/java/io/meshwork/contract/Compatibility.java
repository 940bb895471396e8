package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.compatibility.SchemaComparison;
import io.meshwork.product.Names;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Whom a changed contract must not break, within one major version: those who wait for new rows
 * with an old reader (forward), or those who read old rows with a new reader (backward). A dataset
 * has both, so {@link #FULL_TRANSITIVE} is the default; a weaker mode is for products without
 * subscriptions. The names are those of Confluent's registry; Glue's are read as well.
 */
public enum Compatibility {
  /** Nobody is protected. */
  NONE(false, false, false),
  /** New readers read the rows of the last version. */
  BACKWARD(false, true, false),
  /** New readers read the rows of every earlier version; Glue says BACKWARD_ALL. */
  BACKWARD_TRANSITIVE(false, true, true),
  /** Readers of the last version read new rows. */
  FORWARD(true, false, false),
  /** Readers of every earlier version read new rows; Glue says FORWARD_ALL. */
  FORWARD_TRANSITIVE(true, false, true),
  /** Both with the last version. */
  FULL(true, true, false),
  /** Both with every earlier version; Glue says FULL_ALL. */
  FULL_TRANSITIVE(true, true, true),
  /** Frozen: no change at all. Only Glue has it. */
  DISABLED(true, true, true);

  private static final String TRANSITIVE = "_TRANSITIVE";
  private static final String ALL = "_ALL";

  private final boolean consumers;
  private final boolean history;
  private final boolean transitive;

  Compatibility(boolean consumers, boolean history, boolean transitive) {
    this.consumers = consumers;
    this.history = history;
    this.transitive = transitive;
  }

  /**
   * Reads a mode's name as Confluent's or Glue's registry writes it, in letters of any case.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT if neither has it
   */
  public static Compatibility parse(String name) {
    String wanted = String.valueOf(name).toUpperCase(Locale.ROOT);
    for (Compatibility mode : values()) {
      if (wanted.equals(mode.name()) || wanted.equals(mode.glueName())) {
        return mode;
      }
    }
    throw new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot read '"
            + Names.shown(String.valueOf(name))
            + "' as a compatibility mode: the modes are "
            + List.of(values())
            + ", and Glue's registry writes _ALL for _TRANSITIVE. Use one of them.");
  }

  /** The name in Confluent's registry; empty for {@link #DISABLED}, which it does not have. */
  public Optional<String> confluentName() {
    return this == DISABLED ? Optional.empty() : Optional.of(name());
  }

  /** The name in the schema registry of AWS Glue. */
  public String glueName() {
    return name().endsWith(TRANSITIVE)
        ? name().substring(0, name().length() - TRANSITIVE.length()) + ALL
        : name();
  }

  /** True if readers of earlier versions go on to read new rows. */
  public boolean protectsConsumers() {
    return consumers;
  }

  /** True if new readers read the rows of earlier versions. */
  public boolean protectsHistory() {
    return history;
  }

  /** True if every earlier version of the major counts, and not only the last. */
  public boolean isTransitive() {
    return transitive;
  }

  /**
   * True if the mode holds as registries understand it: by Avro's schema resolution alone. What a
   * product refuses beyond that is for {@link Succession}.
   *
   * @param earlier the schemas before it, oldest first; without any, every mode but {@link
   *     #DISABLED} holds
   */
  public boolean holds(Schema next, List<Schema> earlier) {
    if (this == NONE || this == DISABLED) {
      return this == NONE;
    }
    List<Schema> counted =
        transitive ? earlier : earlier.subList(Math.max(0, earlier.size() - 1), earlier.size());
    for (Schema one : counted) {
      if ((history && !SchemaComparison.reads(next, one))
          || (consumers && !SchemaComparison.reads(one, next))) {
        return false;
      }
    }
    return true;
  }
}
