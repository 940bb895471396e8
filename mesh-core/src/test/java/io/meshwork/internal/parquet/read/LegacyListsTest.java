package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the examples and rules for lists in the format's specification of logical types. */
class LegacyListsTest {
  @TempDir Path folder;

  @Test
  void threeLevelListsKeepNullElementsWithAnyNames() {
    for (String names : List.of("list element", "bag array_element", "list array", "v item")) {
      String repeated = names.split(" ")[0];
      String element = names.split(" ")[1];
      assertThat(
              read(
                  "optional group v (LIST) { repeated group %s { optional int32 %s; } }"
                      .formatted(repeated, element),
                  row -> {
                    Group list = row.addGroup("v");
                    list.addGroup(repeated).append(element, 1);
                    list.addGroup(repeated);
                  },
                  row -> row.addGroup("v"),
                  row -> {}))
          .as(names)
          .containsExactly(Arrays.asList(1, null), List.of(), null);
    }
  }

  @Test
  void repeatedValueIsTheElement() {
    assertThat(
            read(
                "optional group v (LIST) { repeated int32 element; }",
                row -> row.addGroup("v").append("element", 1).append("element", 2),
                row -> row.addGroup("v"),
                row -> {}))
        .containsExactly(List.of(1, 2), List.of(), null);
  }

  @Test
  void repeatedGroupOfSeveralFieldsIsTheElement() {
    assertThat(
            read(
                "required group v (LIST) { repeated group element { required int32 a;"
                    + " optional int32 b; } }",
                row -> row.addGroup("v").addGroup("element").append("a", 1).append("b", 2)))
        .containsExactly(List.of(Map.of("a", 1, "b", 2)));
  }

  @Test
  void repeatedGroupOfOneRepeatedFieldIsTheElement() {
    assertThat(
            read(
                "optional group v (LIST) { repeated group element { repeated int32 a; } }",
                row -> {
                  Group list = row.addGroup("v");
                  list.addGroup("element").append("a", 1).append("a", 2);
                  list.addGroup("element");
                }))
        .containsExactly(List.of(Map.of("a", List.of(1, 2)), Map.of("a", List.of())));
  }

  @Test
  void repeatedGroupNamedArrayOrTupleIsTheElement() {
    for (String name : List.of("array", "v_tuple")) {
      assertThat(
              read(
                  "optional group v (LIST) { repeated group %s { optional int32 a; } }"
                      .formatted(name),
                  row -> row.addGroup("v").addGroup(name).append("a", 1)))
          .as(name)
          .containsExactly(List.of(Map.of("a", 1)));
    }
  }

  @Test
  void listOfTwoLevelListsIsRead() {
    assertThat(
            read(
                "optional group v (LIST) { repeated group array (LIST) { repeated int32 array; } }",
                row -> {
                  Group list = row.addGroup("v");
                  list.addGroup("array").append("array", 1).append("array", 2);
                  list.addGroup("array");
                  list.addGroup("array").append("array", 3);
                },
                row -> row.addGroup("v"),
                row -> {}))
        .containsExactly(List.of(List.of(1, 2), List.of(), List.of(3)), List.of(), null);
  }

  @Test
  void listOfTwoLevelMapsIsRead() {
    assertThat(
            read(
                "required group v (LIST) { repeated group array (MAP) { repeated group map {"
                    + " required int32 key; required int32 value; } } }",
                row -> {
                  Group list = row.addGroup("v");
                  list.addGroup("array").addGroup("map").append("key", 1).append("value", 2);
                  list.addGroup("array");
                }))
        .containsExactly(List.of(Map.of(1, 2), Map.of()));
  }

  @Test
  void repeatedFieldWithoutAnnotationIsAListWithoutNulls() {
    assertThat(read("repeated int32 v;", row -> row.append("v", 1).append("v", 2), row -> {}))
        .containsExactly(List.of(1, 2), List.of());
    assertThat(
            read(
                "repeated group v { optional int32 a; repeated int32 b; }",
                row -> {
                  row.addGroup("v").append("a", 1).append("b", 8).append("b", 9);
                  row.addGroup("v").append("a", 2);
                },
                row -> {}))
        .containsExactly(
            List.of(Map.of("a", 1, "b", List.of(8, 9)), Map.of("a", 2, "b", List.of())), List.of());
  }

  private List<Object> read(String column, GroupFile.Row... rows) {
    Path file = folder.resolve("file.parquet");
    file.toFile().delete();
    GroupFile.write(file, "message m { " + column + " }", rows);
    List<Object> values = new ArrayList<>();
    ReadRows.all(file).forEach(row -> values.add(row.get(0)));
    return values;
  }
}
