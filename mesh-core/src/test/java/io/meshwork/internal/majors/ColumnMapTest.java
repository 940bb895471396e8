package io.meshwork.internal.majors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.rows.RandomContract;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnMapTest {
  private static final String ADDRESS_1 =
      """
      {"type":"record","name":"Address","fields":[
        {"name":"zip","type":"int"},{"name":"city","type":["null","string"]}]}""";
  private static final String ADDRESS_2 =
      """
      {"type":"record","name":"Place","fields":[
        {"name":"town","type":["null","string"]},{"name":"zip","type":"long"},
        {"name":"country","type":"string","default":"CH"}]}""";

  @Test
  void renamedWidenedAndAddedColumnsAreMappedAtEveryDepth() {
    Contract older =
        contract(
            "{\"name\":\"id\",\"type\":\"int\"},"
                + "{\"name\":\"home\",\"type\":[\"null\",%s]},".formatted(ADDRESS_1)
                + "{\"name\":\"all\",\"type\":{\"type\":\"array\",\"items\":\"Address\"}},"
                + "{\"name\":\"by\",\"type\":{\"type\":\"map\",\"values\":\"Address\"}}");
    Contract newer =
        contract(
            "{\"name\":\"by\",\"type\":{\"type\":\"map\",\"values\":%s}},".formatted(ADDRESS_2)
                + "{\"name\":\"number\",\"type\":\"long\"},"
                + "{\"name\":\"home\",\"type\":[\"null\",\"Place\"]},"
                + "{\"name\":\"all\",\"type\":{\"type\":\"array\",\"items\":\"Place\"}},"
                + "{\"name\":\"note\",\"type\":[\"null\",\"string\"]}");
    ColumnMap map =
        ColumnMap.of(
            older,
            newer,
            Map.of(
                "id",
                "number",
                "home.city",
                "home.town",
                "all[].city",
                "all[].town",
                "by{}.city",
                "by{}.town"));
    Map<String, Object> bern = Map.of("zip", 3000, "city", "Bern");
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", 7);
    row.put("home", null);
    row.put("all", List.of(bern, bern));
    row.put("by", Map.of("work", bern));

    VectorBatch after = convert(map, Direction.TO_NEWER, older, newer, List.of(row));

    Map<String, Object> mapped = new LinkedHashMap<>();
    mapped.put("town", "Bern");
    mapped.put("zip", 3000L);
    mapped.put("country", "CH");
    assertThat(after.columns()).containsExactly("by", "number", "home", "all", "note");
    assertThat(after.valueAt("number", 0)).isEqualTo(7L);
    assertThat(after.valueAt("home", 0)).isNull();
    assertThat(after.valueAt("all", 0)).isEqualTo(List.of(mapped, mapped));
    assertThat(after.valueAt("by", 0)).isEqualTo(Map.of("work", mapped));
    assertThat(after.valueAt("note", 0)).isNull();
    assertThat(codes(map.gaps(Direction.TO_OLDER)))
        .containsExactlyInAnyOrder(
            "COLUMN_TYPE_DIFFERS id",
            "COLUMN_TYPE_DIFFERS home.zip",
            "COLUMN_TYPE_DIFFERS all[].zip",
            "COLUMN_TYPE_DIFFERS by{}.zip");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'int' | 'long' | true | false",
        "'float' | 'double' | true | false",
        "'int' | 'double' | false | false",
        "'long' | 'double' | false | false",
        "'string' | 'bytes' | false | false",
        "['null','int'] | 'int' | false | true",
        "{'type':'int','logicalType':'date'} | {'type':'long','logicalType':'local-timestamp-micros'}"
            + " | false | false",
        "{'type':'long','logicalType':'timestamp-millis'} |"
            + " {'type':'long','logicalType':'timestamp-micros'} | true | false",
        "{'type':'long','logicalType':'timestamp-micros'} |"
            + " {'type':'long','logicalType':'timestamp-nanos'} | false | false",
        "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2} |"
            + " {'type':'bytes','logicalType':'decimal','precision':12,'scale':2} | true | false",
        "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2} |"
            + " {'type':'bytes','logicalType':'decimal','precision':9,'scale':3} | false | false",
        "{'type':'enum','name':'E','symbols':['A']} | {'type':'enum','name':'E','symbols':['B','A']}"
            + " | true | false",
        "{'type':'enum','name':'E','symbols':['A']} | 'string' | true | false",
        "{'type':'fixed','name':'F','size':2} | 'bytes' | true | false",
        "{'type':'string','logicalType':'uuid'} |"
            + " {'type':'fixed','name':'F','size':16,'logicalType':'uuid'} | true | true",
        "{'type':'array','items':['null','int']} | {'type':'array','items':'int'} | false | true"
      })
  void aDirectionIsTotalIfNoValueCanBeLost(
      String older, String newer, boolean toNewer, boolean toOlder) {
    ColumnMap map =
        ColumnMap.of(
            contract("{'name':'v','type':%s}".formatted(older)),
            contract("{'name':'v','type':%s}".formatted(newer)),
            Map.of());

    assertThat(map.isTotal(Direction.TO_NEWER)).isEqualTo(toNewer);
    assertThat(map.isTotal(Direction.TO_OLDER)).isEqualTo(toOlder);
    assertThat(map.gaps(Direction.TO_NEWER)).hasSize(toNewer ? 0 : 1);
    assertThat(map.gaps(Direction.TO_NEWER)).allMatch(gap -> gap.where().startsWith("v"));
  }

  @Test
  void aDroppedColumnHindersTheWayBackAndARequiredOneTheWayForward() {
    Contract older = contract("{'name':'a','type':'int'},{'name':'b','type':['null','int']}");
    Contract newer = contract("{'name':'a','type':'int'},{'name':'c','type':'int'}");

    ColumnMap map = ColumnMap.of(older, newer, Map.of());

    assertThat(codes(map.gaps(Direction.TO_NEWER))).containsExactly("COLUMN_ADDED c");
    assertThat(codes(map.gaps(Direction.TO_OLDER))).containsExactly("COLUMN_DROPPED b");
    assertThatThrownBy(() -> map.conversion(Direction.TO_NEWER, table(older), table(newer)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAliasIsARenamingAndAnExplicitRenamingPrecedesAnEqualName() {
    Contract older = contract("{'name':'a','type':'int'},{'name':'b','type':'int'}");
    Contract aliased =
        contract("{'name':'x','type':'int','aliases':['a']},{'name':'b','type':'int'}");
    Contract swapped = contract("{'name':'a','type':'int'},{'name':'b','type':'int'}");

    ColumnMap byAlias = ColumnMap.of(older, aliased, Map.of());
    ColumnMap bySwap = ColumnMap.of(older, swapped, Map.of("a", "b", "b", "a"));

    VectorBatch renamed =
        convert(byAlias, Direction.TO_NEWER, older, aliased, List.of(Map.of("a", 1, "b", 2)));
    VectorBatch exchanged =
        convert(bySwap, Direction.TO_NEWER, older, swapped, List.of(Map.of("a", 1, "b", 2)));
    assertThat(renamed.valueAt("x", 0)).isEqualTo(1);
    assertThat(exchanged.valueAt("a", 0)).isEqualTo(2);
    assertThat(exchanged.valueAt("b", 0)).isEqualTo(1);
  }

  @Test
  void aRenamingOfNoColumnIsRefusedByName() {
    Contract older = contract("{'name':'a','type':'int'}");
    Contract newer = contract("{'name':'b','type':'int'}");

    assertThatThrownBy(() -> ColumnMap.of(older, newer, Map.of("a", "c")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'a'", "'c'");
  }

  @Test
  void decimalsAreRescaledAcrossTheirStoredSizes() {
    String type = "{'type':'bytes','logicalType':'decimal','precision':%d,'scale':%d}";
    Contract older =
        contract(
            "{'name':'s','type':%s},{'name':'w','type':%s}"
                .formatted(type.formatted(9, 2), type.formatted(20, 2)));
    Contract newer =
        contract(
            "{'name':'s','type':%s},{'name':'w','type':%s}"
                .formatted(type.formatted(38, 20), type.formatted(38, 20)));
    Map<String, Object> row =
        Map.of("s", new BigDecimal("-1.25"), "w", new BigDecimal("-999999999999999999.99"));

    VectorBatch after =
        convert(
            ColumnMap.of(older, newer, Map.of()), Direction.TO_NEWER, older, newer, List.of(row));

    assertThat((BigDecimal) after.valueAt("s", 0)).isEqualByComparingTo("-1.25");
    assertThat((BigDecimal) after.valueAt("w", 0)).isEqualByComparingTo("-999999999999999999.99");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 2026, 77_777})
  void rowsReturnUnchangedWhereBothDirectionsAreTotal(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      RandomContract random1 = new RandomContract(random, 4);
      Map<String, String> renamings = new LinkedHashMap<>();
      Schema evolved = evolved(random1.schema(), "", "", random, renamings);
      Contract older = Contract.of(random1.schema());
      Contract newer = Contract.of(evolved);
      ColumnMap map = ColumnMap.of(older, newer, renamings);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        rows.add(random1.row());
      }

      assertThat(map.gaps(Direction.TO_NEWER)).as("seed %d", seed).isEmpty();
      assertThat(map.gaps(Direction.TO_OLDER)).as("seed %d", seed).isEmpty();
      VectorBatch before = batch(older, rows);
      VectorBatch after =
          map.conversion(Direction.TO_NEWER, table(older), table(newer)).apply(before);
      VectorBatch back =
          map.conversion(Direction.TO_OLDER, table(newer), table(older)).apply(after);
      assertThat(values(back)).as("seed %d", seed).isEqualTo(values(before));
      assertThat(after.vectors()).allMatch(vector -> vector.size() == 30);
    }
  }

  /** The same columns in another order, some with other names, and new ones with defaults. */
  private static Schema evolved(
      Schema type, String old, String now, Random random, Map<String, String> renamings) {
    return switch (type.getType()) {
      case UNION ->
          Schema.createUnion(
              type.getTypes().get(0), evolved(type.getTypes().get(1), old, now, random, renamings));
      case ARRAY ->
          Schema.createArray(
              evolved(type.getElementType(), old + "[]", now + "[]", random, renamings));
      case MAP ->
          Schema.createMap(evolved(type.getValueType(), old + "{}", now + "{}", random, renamings));
      case RECORD -> evolvedRecord(type, old, now, random, renamings);
      default -> type;
    };
  }

  private static Schema evolvedRecord(
      Schema record, String old, String now, Random random, Map<String, String> renamings) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      boolean renamed = random.nextInt(3) == 0;
      String name = renamed ? "new_" + field.name() : field.name();
      String oldPath = (old.isEmpty() ? "" : old + ".") + field.name();
      String newPath = (now.isEmpty() ? "" : now + ".") + name;
      if (renamed) {
        renamings.put(oldPath, newPath);
      }
      Schema type = evolved(field.schema(), oldPath, newPath, random, renamings);
      fields.add(random.nextInt(fields.size() + 1), new Schema.Field(name, type));
    }
    if (random.nextBoolean()) {
      fields.add(new Schema.Field("added", Schema.create(Schema.Type.STRING), null, "by default"));
    }
    return Schema.createRecord(record.getName(), null, null, false, fields);
  }

  private static VectorBatch convert(
      ColumnMap map,
      Direction direction,
      Contract source,
      Contract target,
      List<Map<String, Object>> rows) {
    return map.conversion(direction, table(source), table(target)).apply(batch(source, rows));
  }

  private static VectorBatch batch(Contract contract, List<? extends Map<String, ?>> rows) {
    VectorBatch batch = VectorBatch.empty(table(contract));
    RecordShredder shredder = RecordShredders.forRecords(contract.schema(), batch.schema());
    TypeViolations violations = new TypeViolations();
    rows.forEach(row -> shredder.shred(row, batch, violations));
    assertThat(violations.rows().isEmpty()).isTrue();
    return batch;
  }

  private static List<List<Object>> values(VectorBatch batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      Object[] values = new Object[batch.columns().size()];
      for (int column = 0; column < values.length; column++) {
        values[column] = batch.valueAt(batch.columns().get(column), row);
      }
      rows.add(Arrays.asList(values));
    }
    return rows;
  }

  private static List<String> codes(List<Finding> findings) {
    return findings.stream().map(finding -> finding.code() + " " + finding.where()).toList();
  }

  private static org.apache.iceberg.Schema table(Contract contract) {
    return IcebergSchemas.fromAvro(contract.schema());
  }

  private static Contract contract(String fields) {
    String schema = "{'type':'record','name':'Row','fields':[%s]}".formatted(fields);
    return Contract.of(new Schema.Parser().parse(schema.replace('\'', '"')));
  }
}
