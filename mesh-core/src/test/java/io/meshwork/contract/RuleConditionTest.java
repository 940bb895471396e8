package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Rule.Kind;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.condition.DatasetCondition;
import io.meshwork.internal.condition.DatasetCondition.Fresh;
import io.meshwork.internal.condition.DatasetCondition.Mean;
import io.meshwork.internal.condition.DatasetCondition.SameSum;
import io.meshwork.internal.condition.DatasetCondition.Steady;
import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.Compare;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.condition.RowCondition.NotMissing;
import io.meshwork.internal.condition.RowCondition.NotNull;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.condition.RuleCondition.Unique;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a rule requires, as a record of its kind. */
class RuleConditionTest {
  @Test
  void aRuleShowsItsLiteralsByTheirNames() {
    assertThat(Rule.greaterThan("fare", 1.50).condition())
        .isEqualTo(new Between("fare", new BigDecimal("1.5"), null, true, true));
    assertThat(Rule.inSet("n", 1, null, "x").condition())
        .isEqualTo(new InSet("n", Arrays.asList(BigDecimal.ONE, null, "x")));
    assertThat(Rule.notMissingTrimmed("n", "-").condition())
        .isEqualTo(new NotMissing("n", List.of("-"), true));
    assertThat(Rule.compare("a <= b").condition()).isEqualTo(new Compare("a", "<=", "b"));
    assertThat(Rule.uniqueKeepLatestBy("t", "a", "b").condition())
        .isEqualTo(new Unique(List.of("a", "b"), "t"));
    assertThat(Rule.fresh("t", Duration.ofHours(1), ZoneId.of("Europe/Berlin")).condition())
        .isEqualTo(new Fresh("t", Duration.ofHours(1), ZoneId.of("Europe/Berlin")));
    assertThat(Rule.mean("fare", null, 7).condition())
        .isEqualTo(new Mean("fare", null, BigDecimal.valueOf(7)));
  }

  @Test
  void aRuleOnAnotherProductNamesItAndItsColumns() {
    ProductName orders = ProductName.of("sales/orders");

    assertThat(Rule.references(List.of("a", "b"), orders, List.of("c", "d")).condition())
        .isEqualTo(new References(List.of("a", "b"), orders, List.of("c", "d")));
    assertThat(Rule.sameSum("a", orders, "c").condition())
        .isEqualTo(new SameSum("a", orders, "c", BigDecimal.ONE, BigDecimal.ONE));
  }

  @Test
  void aSteadyMetricNamesItsMeasureAndItsColumn() {
    Steady steady = (Steady) Rule.steady(" mean(trip.fare) ", 4, 10).condition();

    assertThat(steady.metric()).isEqualTo("mean(trip.fare)");
    assertThat(steady.measure()).isEqualTo("mean");
    assertThat(steady.columns()).containsExactly("trip.fare");
    assertThat(steady.renamed(String::toUpperCase).metric()).isEqualTo("mean(TRIP.FARE)");
    assertThat(new Steady("rowCount", BigDecimal.ONE, 5).measure()).isEqualTo("rowCount");
  }

  @Test
  void aRuleOfAConditionEqualsThatOfTheFactory() {
    assertThat(Rule.of(new NotNull(List.of("a", "b")))).isEqualTo(Rule.notNull("a", "b"));
    assertThat(Rule.of(new Steady("sum(a)", BigDecimal.TEN, 7)))
        .isEqualTo(Rule.steady("sum(a)", 10, 7));
    assertThatThrownBy(() -> Rule.of(new NotNull(List.of("a", "a"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("it lists a column twice");
    assertThatThrownBy(() -> new Compare("a", "<>", "b"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is not a comparison of two columns");
  }

  @Test
  void twoColumnsOfAConditionCanGetTheSameName() {
    assertThat(new Unique(List.of("a", "b"), "a").renamed(name -> "c"))
        .isEqualTo(new Unique(List.of("c", "c"), "c"));
  }

  @Test
  void eachRecordIsOfOneKindWithItsOwnCodec() {
    Set<Class<?>> records =
        Stream.of(RuleCondition.class, RowCondition.class, DatasetCondition.class)
            .flatMap(family -> Stream.of(family.getDeclaredClasses()))
            .filter(Class::isRecord)
            .collect(Collectors.toSet());
    Set<Class<?>> registered =
        Arrays.stream(Kind.values()).map(Kind::condition).collect(Collectors.toSet());

    assertThat(registered).isEqualTo(records).hasSameSizeAs(Kind.values());
  }
}
