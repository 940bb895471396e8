package io.meshwork.aws.internal.mirror.glue;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Columns in the language of Glue, and commands with them. */
class GlueColumnsTest {
  @Test
  void eachTypeHasANameOfHive() {
    Map<Type, String> names = new LinkedHashMap<>();
    names.put(Types.BooleanType.get(), "boolean");
    names.put(Types.IntegerType.get(), "int");
    names.put(Types.LongType.get(), "bigint");
    names.put(Types.FloatType.get(), "float");
    names.put(Types.DoubleType.get(), "double");
    names.put(Types.DecimalType.of(38, 9), "decimal(38,9)");
    names.put(Types.StringType.get(), "string");
    names.put(Types.UUIDType.get(), "string");
    names.put(Types.DateType.get(), "date");
    names.put(Types.TimeType.get(), "string");
    names.put(Types.TimestampType.withoutZone(), "timestamp");
    names.put(Types.TimestampType.withZone(), "timestamp");
    names.put(Types.TimestampNanoType.withZone(), "timestamp");
    names.put(Types.BinaryType.get(), "binary");
    names.put(Types.FixedType.ofLength(3), "binary");
    names.put(Types.ListType.ofOptional(2, Types.IntegerType.get()), "array<int>");
    names.put(
        Types.MapType.ofOptional(2, 3, Types.StringType.get(), Types.DateType.get()),
        "map<string,date>");
    names.put(
        Types.StructType.of(
            required(2, "a", Types.LongType.get()),
            optional(3, "b", Types.ListType.ofRequired(4, Types.DecimalType.of(5, 2)))),
        "struct<a:bigint,b:array<decimal(5,2)>>");

    names.forEach((type, name) -> assertThat(GlueColumns.type(type)).isEqualTo(name));
  }

  @Test
  void aNameThatDiffersInCaseOnlyIsFound() {
    assertThat(
            GlueColumns.sameButForCase(
                new Schema(
                    required(1, "straße", Types.LongType.get()),
                    required(2, "id", Types.LongType.get()),
                    required(3, "Id", Types.LongType.get()))))
        .hasValue("Id");
    assertThat(GlueColumns.sameButForCase(new Schema(required(1, "ID", Types.LongType.get()))))
        .isEmpty();
  }

  @Test
  void aLongTextIsShortenedBetweenCharacters() {
    assertThat(GlueColumns.shortened("abcdef", 6)).isEqualTo("abcdef");
    assertThat(GlueColumns.shortened("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(GlueColumns.shortened("abcd\uD83D\uDE00fg", 6)).isEqualTo("abcd…");
  }

  @Test
  void aCommandQuotesItsJsonForAShell() {
    String command =
        new GlueCommands("222222222222", "eu-central-1")
            .createDatabase("{\"Description\":\"Otto's \\\"own\\\" $HOME\",\"Name\":\"plant\"}");

    assertThat(command)
        .isEqualTo(
            "aws glue create-database --region eu-central-1 --catalog-id 222222222222"
                + " --database-input '{\"Description\":\"Otto'\\''s \\\"own\\\" $HOME\","
                + "\"Name\":\"plant\",\"CreateTableDefaultPermissions\":[]}'");
  }

  @Test
  void everyCommandNamesTheAccount() {
    assertThat(new GlueCommands("222222222222", "eu-central-1").deleteTable("plant", "readings_v1"))
        .isEqualTo(
            "aws glue delete-table --region eu-central-1 --catalog-id 222222222222"
                + " --database-name plant --name readings_v1");
  }
}
