package io.meshwork.internal.conformance.access;

import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.ANALYST;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.LINK;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.assertFails;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.persons;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.publish.PublishReceipt;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state of a major version decides what can be done with it, in every operation alike. */
public abstract class MajorStatesSuite extends PeopleFixture {
  private final PeopleInTwoMajors majors = new PeopleInTwoMajors(this);

  /** Every operation on the first major version, while the second one is the current one. */
  private Map<String, Callable<?>> operations(
      Subscription<GenericRecord> subscription, String snapshot) {
    MeshClient shop = shop();
    MeshClient finance = majors.finance();
    Map<String, Callable<?>> calls = new TreeMap<>();
    calls.put("READ", () -> all(finance.read(PEOPLE).majorVersion(1)));
    calls.put("SNAPSHOTS", () -> finance.read(PEOPLE).majorVersion(1).snapshots());
    calls.put("OWNER", () -> all(shop.read(PEOPLE).majorVersion(1)));
    calls.put("FILES", () -> shop.read(PEOPLE).majorVersion(1).files());
    calls.put("QUARANTINE", () -> all(shop.quarantine(PEOPLE).majorVersion(1)));
    calls.put(
        "SUBSCRIBE",
        () -> finance.subscribe(PEOPLE).name("new").purpose("x").majorVersion(1).commit());
    calls.put("AMEND_SUBSCRIPTION", () -> finance.subscribe(PEOPLE).name("kept").commit());
    calls.put(
        "POLL",
        () -> {
          try (Batch<GenericRecord> batch = subscription.poll()) {
            return batch.id();
          }
        });
    calls.put(
        "PUBLISH",
        () -> shop.publish(PEOPLE).majorVersion(1).records(persons("9", "country")).plan());
    calls.put(
        "ERASE",
        () -> shop.erase(PEOPLE).majorVersion(1).where("id = '7'").because("asked").commit());
    calls.put(
        "ROLL_BACK",
        () ->
            shop.rollBack(PEOPLE)
                .majorVersion(1)
                .to(snapshot)
                .because("x")
                .restoreErased()
                .commit());
    calls.put(
        "AMEND",
        () ->
            shop.amendContract(PEOPLE)
                .majorVersion(1)
                .change(contract -> contract.description("All people"))
                .plan());
    calls.put("GRANT", () -> shop.grant(PEOPLE).columns("country").to(ANALYST).because("x").plan());
    calls.put("LINK", () -> all(finance.read(LINK)));
    calls.put("DESCRIBE", () -> finance.describe(PEOPLE));
    calls.put("SUBSCRIPTIONS", finance::subscriptions);
    calls.put("HISTORY", () -> finance.publishHistory(PEOPLE).changes());
    return calls;
  }

  @ParameterizedTest
  @CsvSource({
    "PREPARED,   OWNER FILES QUARANTINE AMEND GRANT DESCRIBE SUBSCRIPTIONS HISTORY",
    "ACTIVE,     ALL",
    "DEPRECATED, ALL SUBSCRIBE",
    "CLOSING,    ALL SUBSCRIBE",
    "RETIRING,   ALL SUBSCRIBE",
    "RETIRED,    OWNER FILES QUARANTINE ERASE DESCRIBE SUBSCRIPTIONS HISTORY",
    "WITHDRAWN,  OWNER FILES QUARANTINE ERASE DESCRIBE SUBSCRIPTIONS HISTORY",
    "PURGED,     DESCRIBE SUBSCRIPTIONS HISTORY"
  })
  void aMajorVersionIsUsedAsItsStateAllows(String state, String uses) {
    MeshClient shop = majors.shopOfTwoMajors();
    majors.grantAll();
    majors.finance().linkResource(PEOPLE).database("finance_db").commit();
    Subscription<GenericRecord> subscription =
        majors.finance().subscribe(PEOPLE).name("kept").purpose("x").commit();
    PublishReceipt receipt = shop.publish(PEOPLE).records(persons("2", "country")).commit();
    majors.openSecondMajor();
    majors.setState(1, state);
    List<String> named = List.of(uses.split(" "));

    operations(subscription, receipt.snapshotId().orElseThrow())
        .forEach(
            (use, call) -> {
              boolean allowed =
                  named.get(0).equals("ALL") ? !named.contains(use) : named.contains(use);
              Throwable failure = catchThrowable(call::call);
              if (allowed) {
                assertThat(failure).as("%s of a major that is %s", use, state).isNull();
              } else {
                assertThat(failure)
                    .as("%s of a major that is %s", use, state)
                    .isInstanceOf(MeshException.class);
                assertThat(((MeshException) failure).errorCode())
                    .as("%s of a major that is %s", use, state)
                    .isEqualTo(codeOf(use, state));
              }
            });
  }

  /** A column that only the first version has cannot be granted once that is retired. */
  private static ErrorCode codeOf(String use, String state) {
    if (use.equals("GRANT")) {
      return ErrorCode.INVALID_ARGUMENT;
    } else if (List.of("RETIRED", "WITHDRAWN", "PURGED").contains(state)) {
      return ErrorCode.MAJOR_RETIRED;
    }
    return use.equals("LINK") ? ErrorCode.NOT_FOUND : ErrorCode.STATE_CONFLICT;
  }

  @Test
  void aRetiredMajorVersionNamesItsSuccessorTheReasonAndTheDate() {
    majors.shopOfTwoMajors();
    majors.grantAll();
    Subscription<GenericRecord> subscription =
        majors.finance().subscribe(PEOPLE).name("kept").purpose("x").commit();
    majors.openSecondMajor();
    majors.setState(
        1,
        "RETIRED",
        Map.of(
            "successor",
            "2",
            "because",
            "\"country is replaced by channel\"",
            "retiredAt",
            "\"2026-11-20T08:00:00Z\""));

    String[] facts = {
      "major version 1 of " + PEOPLE,
      "retired at 2026-11-20T08:00:00Z",
      "country is replaced by channel",
      "major version 2 replaces it",
      "majorVersion(2)"
    };
    assertFails(
        ErrorCode.MAJOR_RETIRED, () -> majors.finance().read(PEOPLE).majorVersion(1).rows(), facts);
    assertFails(ErrorCode.MAJOR_RETIRED, subscription::poll, facts);
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> shop().publish(PEOPLE).majorVersion(1).records(persons("3", "country")).commit(),
        facts);
    assertThat(majors.ids(majors.finance(), 2)).isEmpty();
    assertThat(majors.finance().unsubscribe(PEOPLE, "kept").commit()).isNotNull();
  }

  @Test
  void aRetiredMajorVersionWithoutASuccessorNamesTheOwner() {
    shopOfPeople();
    majors.grantAll();
    majors.setState(1, "RETIRED");

    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> majors.finance().read(PEOPLE).rows(),
        "was retired",
        "describe(\"" + PEOPLE + "\")");
    assertThat(majors.finance().describe(PEOPLE).versions())
        .extracting(version -> version.state())
        .containsExactly(MajorVersion.State.RETIRED);
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> shop().grant(PEOPLE).to(ANALYST).because("x").commit(),
        "was retired");
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> majors.finance().requests().requestAccess(PEOPLE).purpose("x").commit(),
        "was retired");
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> majors.finance().linkResource(PEOPLE).database("finance_db").commit(),
        "was retired");
    String id = shop().access().grants().get(0).id();
    shop().revoke(id).commit();
    assertThat(shop().access().grants()).isEmpty();
  }

  @Test
  void aDeprecatedMajorVersionNamesTheNewOneToNewSubscribers() {
    majors.shopOfTwoMajors();
    majors.grantAll();
    majors.setState(2, "ACTIVE");
    majors.setState(1, "DEPRECATED", Map.of("successor", "2"));

    assertThatThrownBy(() -> majors.finance().subscribe(PEOPLE).name("new").purpose("x").commit())
        .isInstanceOfSatisfying(
            ConflictException.class, refused -> assertThat(refused.retryable()).isFalse())
        .hasMessageContainingAll("deprecated", "Subscribe to major version 2", "majorVersion(2)");
    Subscription<GenericRecord> second =
        majors.finance().subscribe(PEOPLE).name("new").purpose("x").majorVersion(2).commit();
    assertThat(second.major()).isEqualTo(2);
  }

  @Test
  void aPreparedMajorVersionIsReadByItsOwnerAlone() {
    MeshClient shop = majors.shopOfTwoMajors();
    majors.grantAll();

    assertThat(majors.ids(shop, 2)).isEmpty();
    assertFails(
        ErrorCode.NOT_FOUND,
        () -> majors.finance().read(PEOPLE).majorVersion(2).rows(),
        "has no major version 2",
        "it has [1]");
    assertFails(
        ErrorCode.STATE_CONFLICT,
        () -> shop.publish(PEOPLE).majorVersion(2).records(persons("3", "channel")).commit(),
        "being prepared",
        "Nothing was published");
    assertThat(majors.ids(majors.finance(), 1))
        .as("who names none reads the current one")
        .hasSize(1);
  }

  @Test
  void theOwnerReadsARetiredMajorVersionAndErasesFromIt() {
    MeshClient shop = majors.shopOfTwoMajors();
    shop.publish(PEOPLE).records(persons("2", "country")).idempotencyKey("night").commit();
    majors.openSecondMajor();
    majors.setState(1, "RETIRED");

    assertThat(majors.ids(shop, 1)).containsExactlyInAnyOrder("1", "2");
    assertThat(shop.read(PEOPLE).majorVersion(1).files()).hasSize(2);
    shop.erase(PEOPLE).majorVersion(1).where("id = '2'").because("They asked.").commit();
    assertThat(majors.ids(shop, 1)).containsExactly("1");
    assertThat(
            shop.publish(PEOPLE)
                .majorVersion(1)
                .records(persons("2", "country"))
                .idempotencyKey("night")
                .commit()
                .replayed())
        .as("a retry of what was committed before the retirement")
        .isTrue();
    assertThat(shop.publishHistory(PEOPLE).changes())
        .as("with the erase from both versions")
        .hasSize(4);
  }

  @Test
  void aStateThatChangesDuringAPublishCountsAtItsCommit() {
    MeshClient shop = majors.shopOfTwoMajors();
    majors.setState(2, "ACTIVE");

    beforeCommit(
            shop.publish(PEOPLE).records(persons("2", "country")),
            () -> majors.setState(1, "DEPRECATED"))
        .commit();
    assertThat(majors.ids(shop, 1)).hasSize(2);
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () ->
            beforeCommit(
                    shop.publish(PEOPLE).records(persons("3", "country")),
                    () -> majors.setState(1, "RETIRED"))
                .commit(),
        "was retired");
    assertThat(majors.ids(shop, 1)).hasSize(2);
  }

  @Test
  void publishesRollbacksAndQuarantinesNameTheirMajorVersion() {
    MeshClient shop = majors.shopOfTwoMajors();
    majors.openSecondMajor();

    PublishReceipt second = shop.publish(PEOPLE).records(persons("5", "channel")).commit();
    PublishReceipt first =
        shop.publish(PEOPLE).majorVersion(1).records(persons("6", "country")).commit();
    assertThat(second.major()).isEqualTo(2);
    assertThat(first.major()).isEqualTo(1);
    assertThat(majors.ids(shop, 2)).containsExactly("5");
    assertThat(majors.ids(shop, 1)).containsExactlyInAnyOrder("1", "6");
    String before = shop.read(PEOPLE).majorVersion(1).snapshots().get(1).id();
    assertThat(shop.rollBack(PEOPLE).majorVersion(1).to(before).because("Wrong").commit().major())
        .isEqualTo(1);
    assertThat(majors.ids(shop, 1)).containsExactly("1");
    assertThat(all(shop.quarantine(PEOPLE).majorVersion(1))).isEmpty();
    shop.erase(PEOPLE)
        .majorVersion(1)
        .quarantineWhere("rules = 'type:country'")
        .because("They asked.")
        .plan();
    assertThat(shop.publishHistory(PEOPLE).changes())
        .extracting(change -> change.contract().major())
        .containsExactly(1, 1, 2, 1);
  }

  @Test
  void aMajorVersionBelowOneIsRefused() {
    MeshClient shop = shopOfPeople();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.read(PEOPLE).majorVersion(0),
            () -> shop.quarantine(PEOPLE).majorVersion(-1),
            () -> shop.subscribe(PEOPLE).majorVersion(0),
            () -> shop.publish(PEOPLE).majorVersion(0),
            () -> shop.rollBack(PEOPLE).majorVersion(0),
            () -> shop.amendContract(PEOPLE).majorVersion(0))) {
      assertRefused(ErrorCode.INVALID_ARGUMENT, call, "'majorVersion'", "Use 1 or more");
    }
    assertThatThrownBy(
            () -> shop.publish(PEOPLE).majorVersion(7).records(persons("1", "country")).commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("no major version 7", "[1]");
  }

  @Test
  void eachMajorVersionHasItsContract() {
    MeshClient shop = majors.shopOfTwoMajors();

    assertThat(shop.describe(PEOPLE).versions())
        .extracting(version -> version.version(), version -> version.state())
        .containsExactly(
            tuple(ContractVersion.parse("1.0.0"), MajorVersion.State.ACTIVE),
            tuple(ContractVersion.parse("2.0.0"), MajorVersion.State.PREPARED));
  }
}
