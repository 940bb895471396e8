package io.meshwork.internal.lakeformation;

import static io.meshwork.internal.lakeformation.RandomWorlds.A;
import static io.meshwork.internal.lakeformation.RandomWorlds.NOW;
import static io.meshwork.internal.lakeformation.RandomWorlds.arn;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.GlueColumn;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowConditionsTest {
  private static final Grantee READER = Grantee.of(arn(A, "reader"));
  private static final Resource.Table ORDERS = new Resource.Table(A, "sales", "orders");

  private static AccessState world(String... conditions) {
    Table orders =
        new Table(
            "orders",
            List.of(
                new GlueColumn("id", Optional.of("bigint")),
                new GlueColumn("Country", Optional.of("varchar(2)")),
                new GlueColumn("day", Optional.of("date")),
                new GlueColumn("paid", Optional.of("boolean")),
                new GlueColumn("price", Optional.of("decimal(10,2)")),
                new GlueColumn("lines", Optional.of("array<string>")),
                new GlueColumn("place", Optional.of("struct<city:string,at:struct<x:int,y:int>>")),
                GlueColumn.of("free")),
            List.of("dt"),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of());
    AccessState.Builder world =
        AccessState.builder()
            .databases(
                new Database(
                    A, "sales", Optional.empty(), Optional.empty(), Map.of(), List.of(orders)));
    for (int i = 0; i < conditions.length; i++) {
      String name = "f" + i;
      world.filters(
          new DataFilter(
              A,
              "sales",
              "orders",
              name,
              Optional.empty(),
              Optional.empty(),
              Optional.of(conditions[i])));
      world.grants(
          Grant.of(
              "g" + i,
              READER,
              new Resource.FilteredTable(A, "sales", "orders", name),
              Permission.SELECT));
    }
    return world.build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "id = 1 AND country IN ('SE', 'NO')|",
        "day >= DATE '2026-01-01' OR paid = TRUE|",
        "price BETWEEN 1 AND 2.5|",
        "place.city LIKE 'S%' AND place.at.x > 3|",
        "\"Country\" = 'SE'|",
        "free = 1 AND free = 'a'|",
        "id = 'x'|FILTER_TYPE_MISMATCH",
        "day = '2026-01-01'|FILTER_TYPE_MISMATCH",
        "id LIKE 'x'|FILTER_TYPE_MISMATCH",
        "lines = 'x'|FILTER_UNSUPPORTED_TYPE",
        "place.town = 'x'|UNKNOWN_COLUMN",
        "dt.x = 1|FILTER_NESTED_PARTITION",
        "dt IS NOT NULL|FILTER_NULL_ON_PARTITION",
        "tableoid = 1|FILTER_RESERVED_COLUMN",
        "id = lower('x')|FILTER_FUNCTION",
        "id = free|FILTER_COLUMN_TO_COLUMN",
        "gone = 1 AND|UNKNOWN_COLUMN",
        "id =|FILTER_SYNTAX",
        "` `|FILTER_SYNTAX"
      })
  void theFirstFaultFromTheLeftIsReported(String rows, String code) {
    Optional<FindingCode> rejection = AccessEvaluator.over(world()).mayFilter(ORDERS, rows);

    assertThat(rejection.map(FindingCode::name)).isEqualTo(Optional.ofNullable(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "id = 7|true",
        "id <> 7|false",
        "id < 7.5 AND id > 6|true",
        "NOT (country = 'NO' OR id = 8)|true",
        "country = 'se'|false",
        "country LIKE '_E'|true",
        "country LIKE 'S'|false",
        "country NOT IN ('NO', 'DK')|true",
        "day = DATE '2026-01-15'|true",
        "day < DATE '2026-01-15'|false",
        "free > TIMESTAMP '2026-01-15 08:00:00'|true",
        "paid = FALSE|false",
        "place.at.x = 3|true",
        "place.at.y = 3|false",
        "place.at.y IS NULL|true",
        "NOT place.at.y = 3|false",
        "place.at.y = 3 OR id = 7|true",
        "id BETWEEN 8 AND 9|false",
        "id NOT BETWEEN 8 AND 9|true",
        "country = 7|false",
        "NOT country = 7|false",
        "no such filter|false",
        "TRUE|true"
      })
  void aRowShowsIfTheConditionIsTrueOfIt(String condition, boolean shows) {
    Map<String, Object> place = Map.of("city", "Oslo", "at", Map.of("X", 3));
    Map<String, Object> row =
        new HashMap<>(
            Map.of(
                "ID",
                7,
                "country",
                "SE",
                "day",
                "2026-01-15",
                "paid",
                true,
                "place",
                place,
                "free",
                "2026-01-15T09:30:00"));

    AccessDecision decision =
        AccessEvaluator.over(world(condition))
            .decide(AccessQuestion.of(READER, Permission.SELECT, ORDERS, NOW));

    assertThat(decision.see(row).isPresent()).isEqualTo(shows);
  }

  @Test
  void conditionsThatDifferInBlanksOutsideQuotesAreOne() {
    AccessDecision decision =
        AccessEvaluator.over(world(" country  =\n'a  b' ", "country = 'a  b'", "country = 'a b'"))
            .decide(AccessQuestion.of(READER, Permission.SELECT, ORDERS, NOW));

    assertThat(decision.permission().rowFilter().alternatives())
        .containsExactly(List.of("country = 'a  b'"), List.of("country = 'a b'"));
  }

  @Test
  void aConjunctionThatHoldsAnotherIsLeftOut() {
    RowFilter union =
        RowFilter.union(List.of(Set.of("b", "a"), Set.of("c"), Set.of("a"), Set.of("c", "a")));

    assertThat(union.alternatives()).containsExactly(List.of("a"), List.of("c"));
    assertThat(union.everyRow()).isFalse();
    assertThat(RowFilter.union(List.of(Set.of("a"), Set.of())).everyRow()).isTrue();
  }
}
