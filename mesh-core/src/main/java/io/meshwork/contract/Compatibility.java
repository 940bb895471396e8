package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.compatibility.SchemaComparison;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Which readers a changed contract must not break within one major version: old readers of new rows
 * (forward), new readers of old rows (backward), or both. A table has both kinds, so {@link
 * #FULL_TRANSITIVE} is the default; weaker modes are for products without subscriptions. The names
 * are as in Confluent Schema Registry; names as in AWS Glue Schema Registry are also accepted.
 */
public enum Compatibility {
  /** No reader is protected. */
  NONE(false, false, false),
  /** New readers can read rows of the last version. */
  BACKWARD(false, true, false),
  /** New readers can read rows of every earlier version; BACKWARD_ALL in Glue. */
  BACKWARD_TRANSITIVE(false, true, true),
  /** Readers of the last version can read new rows. */
  FORWARD(true, false, false),
  /** Readers of every earlier version can read new rows; FORWARD_ALL in Glue. */
  FORWARD_TRANSITIVE(true, false, true),
  /** BACKWARD and FORWARD. */
  FULL(true, true, false),
  /** BACKWARD_TRANSITIVE and FORWARD_TRANSITIVE; FULL_ALL in Glue. */
  FULL_TRANSITIVE(true, true, true),
  /** No change is allowed. Only Glue has this mode. */
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
   * Returns the mode with a name of Confluent's or Glue's registry, in any case.
   *
   * @param name such as {@code FULL_ALL}
   * @throws InvalidRequestException INVALID_ARGUMENT if neither registry has it
   */
  public static Compatibility parse(String name) {
    String upperCase = String.valueOf(name).toUpperCase(Locale.ROOT);
    for (Compatibility mode : values()) {
      if (upperCase.equals(mode.name()) || upperCase.equals(mode.glueName())) {
        return mode;
      }
    }
    throw Failure.of(MeshAction.of(Verb.READ, "a compatibility mode"))
        .because("'" + NameGrammar.quoted(String.valueOf(name)) + "' is not a mode")
        .fix("Use one of " + List.of(values()) + ". Glue's names with _ALL are also accepted.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Returns the name in Confluent Schema Registry; empty for {@link #DISABLED}, which it lacks. */
  public Optional<String> confluentName() {
    return this == DISABLED ? Optional.empty() : Optional.of(name());
  }

  /** Returns the name in the AWS Glue Schema Registry. */
  public String glueName() {
    return name().endsWith(TRANSITIVE)
        ? name().substring(0, name().length() - TRANSITIVE.length()) + ALL
        : name();
  }

  /** Returns true if readers of earlier versions must be able to read new rows. */
  public boolean protectsConsumers() {
    return consumers;
  }

  /** Returns true if new readers must be able to read rows of earlier versions. */
  public boolean protectsHistory() {
    return history;
  }

  /** Returns true if every earlier version of the major version counts, not only the last. */
  public boolean isTransitive() {
    return transitive;
  }

  /**
   * Returns true if a schema follows earlier ones under this mode as the registries define it, by
   * Avro schema resolution alone. {@link #allows} applies the rules of a product.
   *
   * @param next the new schema; not null
   * @param earlier the earlier schemas, oldest first; if empty, every mode except {@link #DISABLED}
   *     holds
   */
  public boolean holds(Schema next, List<Schema> earlier) {
    if (this == NONE || this == DISABLED) {
      return this == NONE;
    }
    List<Schema> checked =
        transitive ? earlier : earlier.subList(Math.max(0, earlier.size() - 1), earlier.size());
    for (Schema schema : checked) {
      if ((history && !SchemaComparison.reads(next, schema))
          || (consumers && !SchemaComparison.reads(schema, next))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns true if a contract can follow an earlier one in the same major version under this mode,
   * without anyone's agreement. A transitive mode also requires it of the differences to the
   * versions before that are in use.
   *
   * @param difference what changes from the earlier contract
   */
  public boolean allows(ContractDifference difference) {
    return difference.changes().stream()
        .allMatch(
            change ->
                !blocks(change)
                    && (change.verdict() == Verdict.MAJOR
                        || change.verdict().compareTo(Verdict.MINOR) <= 0));
  }

  /**
   * Returns true if a change must not be made in the same major version under this mode.
   *
   * @param change the change
   */
  public boolean blocks(ContractDifference.Change change) {
    if (this == DISABLED) {
      return change.code()
          != FindingCode
              .COMPATIBILITY_MODE_CHANGED; // otherwise the mode could never be changed back
    }
    if (change.verdict() != Verdict.MAJOR) {
      return false;
    }
    return switch (this) {
      case NONE -> false;
      case BACKWARD, BACKWARD_TRANSITIVE -> !breaksConsumersOnly(change);
      case FORWARD, FORWARD_TRANSITIVE -> change.code() != FindingCode.HISTORY_UNREADABLE;
      default -> true;
    };
  }

  private static boolean breaksConsumersOnly(ContractDifference.Change change) {
    return switch (change.code()) {
      case CONSUMER_BREAK, WIDENING_OLD_READER -> true;
      case SILENT_LOSS -> change.newReadersReadOldRows(); // of a column, not of a symbol
      default -> false;
    };
  }
}
