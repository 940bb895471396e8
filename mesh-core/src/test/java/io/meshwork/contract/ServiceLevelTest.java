package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.ContractVersion.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Currency;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The terms of a contract that are neither columns nor rules. */
class ServiceLevelTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private record Visit(
      long id, Instant at, LocalDateTime wallClock, LocalDate day, String customer) {}

  private static final Contract VISITS = Contract.of(Visit.class);
  private static final ServiceLevel WHOLE =
      ServiceLevel.NONE
          .freshWithin(Duration.ofHours(1))
          .eventTime("wallClock", BERLIN)
          .availability(99.50)
          .retention(Period.ofYears(2))
          .frequency(Duration.ofDays(1))
          .timeToNotify(Duration.ofHours(2))
          .maxLateness(Duration.ofDays(3))
          .pollHorizon(Duration.ofDays(60));

  private static final Contract TOLD =
      VISITS
          .serviceLevel(WHOLE)
          .purposes("fraud", "Analytics")
          .usage("Join it by id.")
          .limitations("Without visits by phone.")
          .contacts(
              new Contract.Contact("#visits", "https://chat.example", Contract.ContactScope.ISSUES))
          .repository("https://git.example/visits")
          .price(new Contract.Price(new BigDecimal("0.10"), Currency.getInstance("EUR"), "query"));

  @Test
  void theJsonOfAContractHasEachTermAndReadsBackEqual() {
    Contract read = Contract.fromJson(TOLD.toJson());

    assertThat(read).isEqualTo(TOLD);
    assertThat(read.serviceLevel()).isEqualTo(WHOLE);
    assertThat(read.serviceLevel().availability()).contains(new BigDecimal("99.5"));
    assertThat(read.serviceLevel().eventTimeZone()).contains(BERLIN);
    assertThat(read.purposes()).containsExactly("Analytics", "fraud");
    assertThat(read.allowsPurpose(" FRAUD ")).isTrue();
    assertThat(read.allowsPurpose("marketing")).isFalse();
    assertThat(read.price()).hasToString("Optional[0.10 EUR per query]");
    assertThat(read.contacts()).isEqualTo(TOLD.contacts());
    assertThat(read.repository()).isEqualTo("https://git.example/visits");
    assertThat(WHOLE)
        .hasToString(
            "{freshWithin=PT1H, eventTime=wallClock, eventTimeZone=Europe/Berlin,"
                + " availability=99.5, retention=P2Y, frequency=PT24H, timeToNotify=PT2H,"
                + " maxLateness=PT72H, pollHorizon=PT1440H}");
  }

  @Test
  void aContractWithoutTheseTermsKeepsItsText() {
    assertThat(VISITS.toJson())
        .doesNotContain("purposes", "usage", "contacts", "eventTime", "price", "availability");
    assertThat(VISITS.allowsPurpose("anything")).isTrue();
    assertThat(VISITS.freshWithin(Duration.ofHours(1)).serviceLevel())
        .isEqualTo(ServiceLevel.NONE.freshWithin(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "freshWithin   | PT1H     | PT30M    | FRESHNESS_TIGHTENED   | MINOR",
        "freshWithin   | PT1H     | PT2H     | FRESHNESS_WEAKENED    | AMENDMENT",
        "freshWithin   | PT1H     |          | FRESHNESS_WEAKENED    | AMENDMENT",
        "freshWithin   |          | PT1H     | FRESHNESS_TIGHTENED   | MINOR",
        "availability  | 99       | 99.5     | SERVICE_LEVEL_RAISED  | MINOR",
        "availability  | 99.5     | 99       | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "availability  | 99.5     |          | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "retention     | P1Y      | P2Y      | SERVICE_LEVEL_RAISED  | MINOR",
        "retention     | P1Y      | P364D    | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "retention     | P1M      | P30D     | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "retention     | P1M      | P31D     | SERVICE_LEVEL_RAISED  | MINOR",
        "retention     |          | P1D      | SERVICE_LEVEL_RAISED  | MINOR",
        "retention     | P2Y      | P2Y1D    | SERVICE_LEVEL_RAISED  | MINOR",
        "retention     | P2M      | P1M28D   | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "timeToNotify  | PT1H     | PT2H     | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "timeToNotify  |          | PT2H     | SERVICE_LEVEL_RAISED  | MINOR",
        "timeToNotify  |          | PT5H     | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "timeToNotify  | PT5H     |          | SERVICE_LEVEL_RAISED  | MINOR",
        "pollHorizon   |          | PT960H   | SERVICE_LEVEL_RAISED  | MINOR",
        "pollHorizon   |          | PT24H    | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "frequency     | PT1H     | PT24H    | OTHER_PART_CHANGED    | PATCH",
        "eventTime     |          | at       | SERVICE_LEVEL_RAISED  | MINOR",
        "eventTime     | at       | other    | SERVICE_LEVEL_LOWERED | AMENDMENT",
        "eventTime     | at       |          | SERVICE_LEVEL_LOWERED | AMENDMENT",
      })
  void aWeakerPromiseIsAnAmendmentAndAStrongerOneAMinorVersion(
      String key, String before, String after, FindingCode code, Verdict verdict) {
    ContractDifference difference = stored(key, before).differenceTo(stored(key, after));

    assertThat(difference.verdict()).isEqualTo(verdict);
    assertThat(difference.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.code()).isEqualTo(code);
              assertThat(change.path()).isEqualTo(key);
              assertThat(change.before()).isEqualTo(before);
              assertThat(change.after()).isEqualTo(after);
            });
  }

  private static Contract stored(String key, String value) {
    return value == null
        ? VISITS
        : Contract.fromStoredJson(
            VISITS.toJson().replaceFirst("\\{", "{\"" + key + "\":\"" + value + "\","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "any",
      value = {
        "any     | a       | PURPOSES_NARROWED | AMENDMENT",
        "a,b     | b       | PURPOSES_NARROWED | AMENDMENT",
        "a,b     | b,c     | PURPOSES_NARROWED | AMENDMENT",
        "a       | a,b     | PURPOSES_WIDENED  | MINOR",
        "a       | any     | PURPOSES_WIDENED  | MINOR",
      })
  void fewerPurposesAreAnAmendment(String before, String after, FindingCode code, Verdict verdict) {
    ContractDifference difference = allowing(before).differenceTo(allowing(after));

    assertThat(difference.verdict()).isEqualTo(verdict);
    assertThat(difference.reasonCode()).isEqualTo(code);
  }

  private static Contract allowing(String purposes) {
    return purposes == null ? VISITS : VISITS.purposes(purposes.split(","));
  }

  @Test
  void onePriceAndOnePeriodHaveOneForm() {
    Contract.Price ten = new Contract.Price(BigDecimal.TEN, Currency.getInstance("EUR"), "month");

    assertThat(ten).hasToString("10.00 EUR per month");
    assertThat(ten)
        .isEqualTo(
            new Contract.Price(new BigDecimal("10.000"), Currency.getInstance("EUR"), "month"));
    assertThat(ServiceLevel.NONE.retention(Period.ofMonths(12)))
        .isEqualTo(ServiceLevel.NONE.retention(Period.ofYears(1)));
    assertThat(VISITS.purposes("a", "b").allowsMorePurposesThan(VISITS.purposes("a"))).isTrue();
    assertThat(VISITS.purposes("a").allowsMorePurposesThan(VISITS)).isFalse();
  }

  @Test
  void theZoneOfAnotherColumnIsJudgedWithTheColumn() {
    Contract instants = VISITS.serviceLevel(ServiceLevel.NONE.eventTime("at"));
    Contract local = VISITS.serviceLevel(ServiceLevel.NONE.eventTime("wallClock", BERLIN));

    assertThat(instants.differenceTo(local).changes())
        .extracting(ContractDifference.Change::verdict)
        .containsExactly(Verdict.AMENDMENT, Verdict.AMENDMENT);
  }

  @Test
  void informationForPeopleIsAPatchAndThePriceIsNot() {
    assertThat(TOLD.usage("Join it twice.").differenceTo(TOLD).verdict()).isEqualTo(Verdict.PATCH);
    assertThat(TOLD.limitations("").differenceTo(TOLD).verdict()).isEqualTo(Verdict.PATCH);
    assertThat(TOLD.contacts(new Contract.Contact[0]).differenceTo(TOLD).reasonCode())
        .isEqualTo(FindingCode.CONTACTS_CHANGED);
    assertThat(TOLD.repository("").differenceTo(TOLD).verdict()).isEqualTo(Verdict.PATCH);
    assertThat(TOLD.removePrice().differenceTo(TOLD).verdict()).isEqualTo(Verdict.AMENDMENT);
  }

  @Test
  void theColumnOfTheEventTimeMustFitTheSchema() {
    assertRejected(
        () -> VISITS.serviceLevel(ServiceLevel.NONE.eventTime("att")),
        "'att', does not exist",
        "Did you mean 'at'?");
    assertRejected(
        () -> VISITS.serviceLevel(ServiceLevel.NONE.eventTime("customer")), "type string");
    assertRejected(
        () -> VISITS.serviceLevel(ServiceLevel.NONE.eventTime("wallClock")), "no time zone");
    assertRejected(() -> VISITS.serviceLevel(ServiceLevel.NONE.eventTime("day")), "no time zone");
    assertRejected(
        () -> VISITS.serviceLevel(ServiceLevel.NONE.eventTime("at", BERLIN)),
        "instants and a time zone");
    assertRejected(
        () -> VISITS.serviceLevel(ServiceLevel.NONE.maxLateness(Duration.ofDays(1))),
        "maxLateness is set, but no column");
    assertThat(
            VISITS
                .serviceLevel(ServiceLevel.NONE.eventTime("wallClock", BERLIN).eventTime("at"))
                .serviceLevel()
                .eventTimeZone())
        .isEmpty();
  }

  @Test
  void aTermThatPromisesNothingIsRejected() {
    assertRejected(() -> ServiceLevel.NONE.freshWithin(Duration.ZERO), "freshWithin");
    assertRejected(() -> ServiceLevel.NONE.availability(0), "availability");
    assertRejected(() -> ServiceLevel.NONE.availability(100.1), "availability");
    assertRejected(() -> ServiceLevel.NONE.availability(Double.NaN), "availability");
    assertRejected(() -> ServiceLevel.NONE.retention(Period.ofDays(-1)), "retention");
    assertRejected(() -> VISITS.purposes("a,b"), "'a,b' is not a purpose");
    assertRejected(() -> stored("retention", "two years"), "'two years' of 'retention'", "P2Y");
    assertRejected(() -> stored("price", "cheap"), "'cheap' is malformed", "0.10 EUR per query");
    assertRejected(() -> stored("eventTimeZone", "Mars/North"), "'Mars/North'");
    assertRejected(
        () -> new Contract.Contact(" ", "a", Contract.ContactScope.ISSUES), "channel is empty");
  }

  private static void assertRejected(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(facts);
  }
}
