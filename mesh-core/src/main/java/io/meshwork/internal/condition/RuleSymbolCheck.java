package io.meshwork.internal.condition;

import io.meshwork.internal.schema.ColumnPath;
import io.meshwork.internal.text.NearestName;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Checks whether the literals of set rules on enum columns are symbols of the enum. */
public final class RuleSymbolCheck {
  /**
   * A literal that is not a symbol.
   *
   * @param reason a clause, for the finding
   * @param fix the symbols, with the nearest one
   */
  public record UnknownSymbol(String reason, String fix) {}

  private RuleSymbolCheck() {}

  /**
   * Returns the first literal that no symbol equals; empty if there is none.
   *
   * @param column the condition's column
   * @param contract the record that has the column
   */
  public static Optional<UnknownSymbol> check(
      RuleCondition condition, ColumnPath column, Schema contract) {
    if (!(condition instanceof RowCondition.ValueSet set)
        || set instanceof RowCondition.NotMissing) {
      return Optional.empty();
    }
    Schema type = type(contract, column);
    if (type.getType() != Schema.Type.ENUM) {
      return Optional.empty();
    }
    List<String> symbols = type.getEnumSymbols();
    for (int i = 0; i < set.values().size(); i++) {
      if (set.values().get(i) instanceof String literal && !symbols.contains(literal)) {
        return Optional.of(
            new UnknownSymbol(
                "its literal number "
                    + (i + 1)
                    + " is not a symbol of the enum in column "
                    + column.text(),
                NearestName.ignoringCase(literal, symbols)
                        .map(near -> "Did you mean '" + near + "'? ")
                        .orElse("")
                    + "The symbols are "
                    + String.join(", ", symbols)
                    + "."));
      }
    }
    return Optional.empty();
  }

  private static Schema type(Schema record, ColumnPath column) {
    Schema type = record;
    for (int step : column.steps()) {
      type =
          switch (step) {
            case ColumnPath.ELEMENTS -> type.getElementType();
            case ColumnPath.VALUES -> type.getValueType();
            default -> type.getFields().get(step).schema();
          };
      type = withoutNull(type);
    }
    return type;
  }

  private static Schema withoutNull(Schema type) {
    return type.isUnion()
        ? type.getTypes().stream()
            .filter(each -> each.getType() != Schema.Type.NULL)
            .findFirst()
            .orElse(type)
        : type;
  }
}
