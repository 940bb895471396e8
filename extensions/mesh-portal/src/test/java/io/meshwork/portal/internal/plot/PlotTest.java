package io.meshwork.portal.internal.plot;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.portal.internal.plot.Plot.Bar;
import io.meshwork.portal.internal.plot.Plot.Line;
import io.meshwork.portal.internal.plot.Plot.Tick;
import io.meshwork.portal.internal.plot.PublishPlot.Publish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlotTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration PROMISE = Duration.ofHours(26);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0, 1",
        "1; 0, 1",
        "3; 0, 1, 2, 3",
        "30; 0, 10, 20, 30",
        "97; 0, 50, 100",
        "1204; 0, 500, 1,000, 1,500",
        "39000; 0, 10k, 20k, 30k, 40k",
        "2500000000; 0, 1,000M, 2,000M, 3,000M"
      })
  void numbersOfRowsHaveRoundTicks(long most, String labels) {
    assertThat(labels(Ticks.counts(most))).isEqualTo(labels);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PT0S; 0, 1 min",
        "PT50M; 0, 15 min, 30 min, 45 min, 60 min",
        "PT26H; 0, 12 h, 24 h, 36 h",
        "PT50H; 0, 1 day, 2 days, 3 days",
        "P400D; 0, 100 days, 200 days, 300 days, 400 days"
      })
  void agesHaveTicksInOneUnit(String most, String labels) {
    assertThat(labels(Ticks.durations(Duration.parse(most)))).isEqualTo(labels);
  }

  @Test
  void sharesStartAtARoundOneBelowTheLeast() {
    assertThat(labels(Ticks.percents(100))).startsWith("95 %").endsWith("100 %");
    assertThat(labels(Ticks.percents(93))).isEqualTo("90 %, 92 %, 94 %, 96 %, 98 %, 100 %");
    assertThat(labels(Ticks.percents(0))).startsWith("0 %, 20 %");
  }

  private static String labels(List<Ticks.Value> values) {
    return String.join(", ", values.stream().map(Ticks.Value::label).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT5H", "P1D", "P3D", "P30D", "P90D"})
  void timesAreRoundFewAndWithinTheAxis(String period) {
    Instant from = NOW.minus(Duration.parse(period));

    assertThat(Ticks.times(from, NOW))
        .hasSizeBetween(2, 7)
        .isSorted()
        .allSatisfy(at -> assertThat(at).isBetween(from, NOW))
        .allSatisfy(at -> assertThat(at.getEpochSecond() % 3_600).isZero());
  }

  @Test
  void theAgeGrowsUntilTheNextPublishAndIsDrawnApartWhereItIsLate() {
    Plot plot = age(List.of(NOW.minus(Duration.ofDays(3)), NOW.minus(Duration.ofDays(2))), PROMISE);

    assertThat(plot.lines()).extracting(Line::tone).containsExactly("promised", "value", "late");
    assertThat(plot.lines().get(1).path().split("[ML]")).as("two rises").hasSize(5);
    assertThat(plot.lines().get(2).path().split("M")).as("one of them late").hasSize(2);
    assertThat(plot.up()).extracting(Tick::label).contains("24 h", "48 h");
    assertThat(plot.hovers())
        .extracting(Plot.Hover::text)
        .containsExactly(
            "published 19 Nov 08:00Z, then PT24H old", "published 20 Nov 08:00Z, now PT48H old");
  }

  @Test
  void timeBeforeTheFirstKnownPublishIsUnknown() {
    Plot plot = age(List.of(NOW.minus(Duration.ofDays(3))), PROMISE);

    assertThat(plot.bars()).extracting(Bar::tone).containsExactly("unknown");
    assertThat(plot.labels()).extracting(Plot.Label::text).contains("nothing known before 19 Nov");
    assertThat(age(List.of(NOW.minus(Duration.ofDays(31))), PROMISE).bars()).isEmpty();
  }

  @Test
  void aPublishBeforeTheShownTimeIsOldAtItsStart() {
    Plot plot = age(List.of(NOW.minus(Duration.ofDays(60))), PROMISE);

    assertThat(plot.lines().get(1).path()).startsWith("M" + Plot.LEFT + " ");
    assertThat(plot.lines().get(2).path()).startsWith("M" + Plot.LEFT + " ");
  }

  @Test
  void theLabelOfThePromiseIsWithinTheDrawing() {
    Plot plot = age(List.of(NOW.minus(Duration.ofHours(1))), Duration.ofHours(2));

    assertThat(plot.labels())
        .filteredOn(label -> label.text().startsWith("promised"))
        .singleElement()
        .satisfies(label -> assertThat(label.y()).isGreaterThanOrEqualTo(24));
  }

  @Test
  void withoutAPromiseNothingIsLate() {
    Plot plot =
        AgePlot.of(
            List.of(NOW.minus(Duration.ofDays(9))),
            Optional.empty(),
            MONTH,
            NOW,
            Duration::toString);

    assertThat(plot.lines()).extracting(Line::tone).containsExactly("value");
  }

  @Test
  void quarantinedRowsStandOnTheAcceptedOnesAndAreSeenHoweverFew() {
    Plot plot = PublishPlot.ofRows(List.of(new Publish(NOW, 1_000_000, 1)));

    Bar accepted = plot.bars().get(0);
    Bar quarantined = plot.bars().get(1);
    assertThat(quarantined.y() + quarantined.height()).isEqualTo(accepted.y());
    assertThat(quarantined.height()).isGreaterThanOrEqualTo(2);
    assertThat(accepted.y() + accepted.height()).isEqualTo(Plot.BOTTOM);
  }

  @Test
  void barsDoNotOverlapAndNothingLeavesTheBox() {
    List<Publish> publishes =
        IntStream.range(0, 30)
            .mapToObj(i -> new Publish(NOW.minus(Duration.ofDays(30 - i)), i * 7L, i % 3))
            .toList();
    Plot rows = PublishPlot.ofRows(publishes);
    List<Bar> accepted = rows.bars().stream().filter(bar -> bar.tone().equals("value")).toList();

    for (int i = 1; i < accepted.size(); i++) {
      assertThat(accepted.get(i).x())
          .isGreaterThanOrEqualTo(accepted.get(i - 1).x() + accepted.get(i - 1).width());
    }
    for (Plot plot : List.of(rows, PublishPlot.ofScores(publishes), age(days(60), PROMISE))) {
      assertThat(plot.bars())
          .allSatisfy(
              bar -> {
                assertThat(bar.x()).isBetween(Plot.LEFT, Plot.RIGHT);
                assertThat(bar.y()).isBetween(0, Plot.BOTTOM);
              });
      assertThat(numbers(plot)).allSatisfy(number -> assertThat(number).isBetween(0, Plot.WIDTH));
      assertThat(plot.across()).hasSizeBetween(2, 7);
    }
  }

  private static List<Integer> numbers(Plot plot) {
    List<Integer> numbers = new ArrayList<>();
    plot.lines()
        .forEach(
            line ->
                Stream.of(line.path().split("[^0-9]+"))
                    .filter(number -> !number.isEmpty())
                    .map(Integer::valueOf)
                    .forEach(numbers::add));
    return numbers;
  }

  @Test
  void daysAreLabelledOnceAndHoursWithinADay() {
    assertThat(
            PublishPlot.ofScores(
                    List.of(
                        new Publish(NOW.minusSeconds(7_200), 1, 0),
                        new Publish(NOW.minusSeconds(3_600), 1, 1)))
                .across())
        .extracting(Tick::label)
        .containsExactly("07:00Z", "06:00Z");
  }

  @Test
  void aPublishWithoutRowsHasAFullScoreAndAPlotWithoutPublishesSaysSo() {
    assertThat(new Publish(NOW, 0, 0).score()).isEqualTo(100);
    assertThat(PublishPlot.ofRows(List.of()).note()).isEqualTo("No publish yet");
    assertThat(PublishPlot.ofScores(List.of()).note()).isEqualTo("No publish yet");
    assertThat(age(List.of(), PROMISE).note()).isEqualTo("No publish yet");
  }

  @Test
  void aSmallPlotFitsItsBoxWhateverTheAges() {
    for (List<Instant> updates : List.of(days(1), days(3), days(60), List.of(NOW.minusMillis(1)))) {
      SmallPlot plot = SmallPlot.of(updates, Duration.ofMinutes(1), NOW);

      assertThat(Stream.of(plot.path().split("[^0-9]+")).filter(text -> !text.isEmpty()))
          .allSatisfy(number -> assertThat(Integer.parseInt(number)).isBetween(0, 100));
    }
    assertThat(SmallPlot.of(List.of(), PROMISE, NOW).path()).isEmpty();
    assertThat(SmallPlot.of(List.of(NOW), PROMISE, NOW).path()).isEmpty();
    assertThat(SmallPlot.of(days(3), Duration.ZERO, NOW).promised()).isNegative();
  }

  @Test
  void aUseIsABarWithinItsQuarterAndIsSeenHoweverShort() {
    assertThat(UseBar.of(NOW.minus(Duration.ofDays(45)), NOW, NOW)).isEqualTo(new UseBar(90, 90));
    assertThat(UseBar.of(NOW, NOW, NOW)).isEqualTo(new UseBar(176, 4));
    assertThat(UseBar.of(NOW.minus(Duration.ofDays(400)), NOW, NOW)).isEqualTo(new UseBar(0, 180));
    assertThat(UseBar.of(Instant.EPOCH, Instant.EPOCH, NOW)).isEqualTo(UseBar.none());
  }

  private static List<Instant> days(int days) {
    return IntStream.range(0, days)
        .mapToObj(day -> NOW.minus(Duration.ofDays(days - day)))
        .toList();
  }

  private static Plot age(List<Instant> updates, Duration promised) {
    return AgePlot.of(updates, Optional.of(promised), MONTH, NOW, Duration::toString);
  }
}
