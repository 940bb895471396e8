package io.meshwork.odcs.internal.dqdl;

import io.meshwork.contract.Contract;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.dqdl.DqdlRuleImport.RejectedRuleException;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/**
 * The columns of the contract that a ruleset is for. Their names are not case-sensitive in DQDL.
 */
public final class DqdlColumns {
  /** The kinds of columns that DQDL distinguishes. */
  enum Kind {
    /** Text, also symbols of an enum. */
    TEXT,
    UUID,
    /** Whole numbers. */
    WHOLE,
    /** Decimals. */
    DECIMAL,
    /** Floating-point numbers. */
    FLOATING,
    /** Dates. */
    DATE,
    /** Instants and local timestamps. */
    TIMESTAMP,
    /** True or false. */
    BOOLEAN,
    /** Anything else. */
    OTHER
  }

  /**
   * A column.
   *
   * @param name its name in the contract
   * @param kind what it holds
   * @param nullable whether it can be null
   */
  record Field(String name, Kind kind, boolean nullable) {}

  private final Contract contract;
  private final List<Field> fields = new ArrayList<>();

  public DqdlColumns(Contract contract) {
    this.contract = contract;
    for (Schema.Field field : contract.schema().getFields()) {
      fields.add(
          new Field(
              field.name(), kind(NullabilityInference.value(field.schema())), nullable(field)));
    }
  }

  private static boolean nullable(Schema.Field field) {
    return field.schema().isUnion()
        && field.schema().getTypes().stream().anyMatch(each -> each.getType() == Schema.Type.NULL);
  }

  private static Kind kind(Schema type) {
    LogicalType logical = type.getLogicalType();
    String name = logical == null ? "" : logical.getName();
    if (name.contains("timestamp")) {
      return Kind.TIMESTAMP;
    }
    return switch (name) {
      case "uuid" -> Kind.UUID;
      case "date" -> Kind.DATE;
      case "decimal" -> Kind.DECIMAL;
      case "" -> plain(type.getType());
      default -> Kind.OTHER;
    };
  }

  private static Kind plain(Schema.Type type) {
    return switch (type) {
      case STRING, ENUM -> Kind.TEXT;
      case INT, LONG -> Kind.WHOLE;
      case FLOAT, DOUBLE -> Kind.FLOATING;
      case BOOLEAN -> Kind.BOOLEAN;
      default -> Kind.OTHER;
    };
  }

  int count() {
    return fields.size();
  }

  /** True if these are the columns of the primary key. */
  boolean isKey(List<Field> columns) {
    return !columns.isEmpty()
        && columns.stream().map(Field::name).toList().equals(contract.primaryKey());
  }

  boolean has(String name) {
    return !matches(name).isEmpty();
  }

  /**
   * Returns a column.
   *
   * @throws RejectedRuleException if the contract has none with the name
   */
  Field require(String name) throws RejectedRuleException {
    List<Field> fields = matches(name);
    if (fields.size() != 1) {
      throw new RejectedRuleException(
          "the contract has "
              + (fields.isEmpty() ? "no column " : "several columns ")
              + OdcsErrors.quoted(name));
    }
    return fields.get(0);
  }

  private List<Field> matches(String name) {
    List<Field> exact = fields.stream().filter(field -> field.name().equals(name)).toList();
    String lower = name.toLowerCase(Locale.ROOT);
    return exact.isEmpty()
        ? fields.stream()
            .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(lower))
            .toList()
        : exact;
  }
}
