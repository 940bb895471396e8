package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/** Transactions are atomic, and documents are read as they were written. */
abstract class RegistryDocumentsSuite extends RegistryFixture {
  private static final Key CARD = new Key("commerce", "product/orders");
  private static final Key MAJOR = new Key("commerce/orders", "major/1");
  private static final Key ELSEWHERE = new Key("logistics/parcels", "major/2");
  private static final String OTHER_VERSION = "00000000-0000-7000-8000-000000000000";

  @Test
  void aDocumentIsReadUnchangedWithTheAttemptAsItsVersion() {
    String attempt = commitOne(CARD, "{\"a\":1}");

    assertThat(registry.read(CARD)).contains(new Document(CARD, "{\"a\":1}", attempt));
  }

  @Test
  void aKeyThatWasNeverWrittenIsAbsent() {
    assertThat(registry.read(CARD)).isEmpty();
    assertThat(registry.list("commerce", "", null).documents()).isEmpty();
    assertThat(registry.list("commerce", "", null).nextCursor()).isNull();
  }

  /** On DynamoDB, these documents are several pages of a scan. */
  @Test
  void eachPartitionIsListedOnceInOrder() {
    assertThat(registry.partitions()).isEmpty();
    String large = "\"" + "x".repeat(300 * 1024) + "\"";
    for (String partition :
        List.of("logistics/parcels", "commerce/orders", "_mesh", "commerce/@reads", "commerce")) {
      commitOne(new Key(partition, "a"), large);
      commitOne(new Key(partition, "b"), "1");
    }

    SortedSet<String> partitions = registry.partitions();

    assertThat(partitions)
        .containsExactly(
            "_mesh", "commerce", "commerce/@reads", "commerce/orders", "logistics/parcels");
    assertThatThrownBy(() -> partitions.add("finance"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void partitionsThatWereListedDoNotChangeWithACommit() {
    commitOne(CARD, "1");
    SortedSet<String> before = registry.partitions();

    commitOne(ELSEWHERE, "2");

    assertThat(before).containsExactly(CARD.partition());
    assertThat(registry.partitions()).containsExactly(CARD.partition(), ELSEWHERE.partition());
  }

  @Test
  void allActionsOfATransactionAreAppliedTogether() {
    String old = commitOne(CARD, "1");
    String attempt = nextId();

    Outcome outcome =
        registry.commit(
            Transaction.attempt(attempt)
                .insert(MAJOR, "2")
                .delete(CARD, old)
                .insert(new Key("commerce/orders", "table/1"), "3")
                .checkAbsent(ELSEWHERE)
                .build());

    assertThat(outcome).isEqualTo(Outcome.COMMITTED);
    assertThat(registry.read(CARD)).isEmpty();
    assertThat(registry.read(MAJOR)).contains(new Document(MAJOR, "2", attempt));
    assertThat(registry.read(new Key("commerce/orders", "table/1")))
        .contains(new Document(new Key("commerce/orders", "table/1"), "3", attempt));
  }

  @Test
  void oneConflictChangesNothing() {
    String card = commitOne(CARD, "card");
    String attempt = nextId();

    Outcome outcome =
        registry.commit(
            Transaction.attempt(attempt)
                .insert(MAJOR, "new")
                .replace(CARD, "changed", OTHER_VERSION)
                .build());

    assertThat(outcome).isEqualTo(Outcome.conflict(List.of(CARD)));
    assertThat(registry.read(MAJOR)).isEmpty();
    assertThat(registry.read(CARD)).contains(new Document(CARD, "card", card));
    assertThat(registry.read(attemptKey(MAJOR.partition(), attempt))).isEmpty();
  }

  @Test
  void insertingOverADocumentIsAConflict() {
    commitOne(CARD, "1");

    assertConflict(Transaction.attempt(nextId()).insert(CARD, "2"), CARD);
  }

  @Test
  void replacingAnAbsentDocumentIsAConflict() {
    assertConflict(Transaction.attempt(nextId()).replace(CARD, "2", OTHER_VERSION), CARD);
  }

  @Test
  void replacingAnotherVersionIsAConflict() {
    commitOne(CARD, "1");

    assertConflict(Transaction.attempt(nextId()).replace(CARD, "2", OTHER_VERSION), CARD);
  }

  @Test
  void deletingAnotherVersionIsAConflict() {
    commitOne(CARD, "1");

    assertConflict(Transaction.attempt(nextId()).delete(CARD, OTHER_VERSION), CARD);
  }

  @Test
  void deletingAnAbsentDocumentIsAConflict() {
    assertConflict(Transaction.attempt(nextId()).delete(CARD, OTHER_VERSION), CARD);
  }

  @Test
  void aCheckOfAnotherVersionIsAConflict() {
    commitOne(MAJOR, "1");

    assertConflict(
        Transaction.attempt(nextId()).insert(CARD, "2").check(MAJOR, OTHER_VERSION), MAJOR);
  }

  @Test
  void aCheckOfAnAbsentDocumentIsAConflict() {
    assertConflict(
        Transaction.attempt(nextId()).insert(CARD, "2").check(MAJOR, OTHER_VERSION), MAJOR);
  }

  @Test
  void aCheckOfAbsenceOfAnExistingDocumentIsAConflict() {
    commitOne(MAJOR, "1");

    assertConflict(Transaction.attempt(nextId()).insert(CARD, "2").checkAbsent(MAJOR), MAJOR);
  }

  @Test
  void aConflictNamesExactlyTheConflictingKeys() {
    String card = commitOne(CARD, "1");
    commitOne(MAJOR, "1");

    assertConflict(
        Transaction.attempt(nextId())
            .insert(new Key("commerce", "policy"), "fine")
            .replace(CARD, "fine", card)
            .insert(MAJOR, "taken")
            .delete(new Key("commerce", "tag/pii"), OTHER_VERSION)
            .checkAbsent(new Key("finance", "product/invoices"))
            .check(ELSEWHERE, OTHER_VERSION),
        MAJOR,
        new Key("commerce", "tag/pii"),
        ELSEWHERE);
  }

  @Test
  void afterAConflictTheSameAttemptMayCommit() {
    String card = commitOne(CARD, "1");
    String attempt = nextId();

    assertThat(registry.commit(Transaction.attempt(attempt).insert(CARD, "2").build()).status())
        .isEqualTo(Status.CONFLICT);
    assertThat(registry.commit(Transaction.attempt(attempt).replace(CARD, "3", card).build()))
        .isEqualTo(Outcome.COMMITTED);
    assertThat(registry.read(CARD)).contains(new Document(CARD, "3", attempt));
  }

  @Test
  void checksMayBeInTheSameDomainAndInOthers() {
    String major = commitOne(MAJOR, "1");
    String elsewhere = commitOne(ELSEWHERE, "1");

    assertThat(
            registry.commit(
                Transaction.attempt(nextId())
                    .insert(CARD, "2")
                    .check(MAJOR, major)
                    .check(ELSEWHERE, elsewhere)
                    .checkAbsent(new Key("_mesh", "approval/7"))
                    .build()))
        .isEqualTo(Outcome.COMMITTED);
    assertThat(registry.read(MAJOR)).map(Document::version).contains(major);
    assertThat(registry.read(ELSEWHERE)).map(Document::version).contains(elsewhere);
  }

  @Test
  void aTransactionThatWritesForTwoDomainsIsRejected() {
    assertThatThrownBy(
            () -> Transaction.attempt(nextId()).insert(MAJOR, "1").insert(ELSEWHERE, "2").build())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("commerce", "logistics");
  }

  @Test
  void aVersionNeverMatchesAgainAfterDeleteAndCreate() {
    String first = commitOne(CARD, "same");
    assertThat(registry.commit(Transaction.attempt(nextId()).delete(CARD, first).build()))
        .isEqualTo(Outcome.COMMITTED);
    String second = commitOne(CARD, "same");

    assertThat(second).isNotEqualTo(first);
    assertConflict(Transaction.attempt(nextId()).replace(CARD, "lost", first), CARD);
    assertConflict(Transaction.attempt(nextId()).delete(CARD, first), CARD);
    assertConflict(Transaction.attempt(nextId()).insert(MAJOR, "lost").check(CARD, first), CARD);
  }

  @Test
  void aCommitWithALostReplyResolvesToCommitted() {
    String attempt = nextId();
    registry.commit(Transaction.attempt(attempt).insert(MAJOR, "1").build());

    assertThat(registry.resolve(MAJOR.partition(), attempt)).isEqualTo(Outcome.COMMITTED);
    assertThat(registry.resolve(MAJOR.partition(), attempt)).isEqualTo(Outcome.COMMITTED);
    assertThat(registry.read(attemptKey(MAJOR.partition(), attempt)))
        .map(Document::json)
        .contains(Registry.ATTEMPT_COMMITTED);
  }

  @Test
  void anAttemptDeliveredTwiceIsAppliedOnce() {
    String attempt = nextId();
    Transaction insert = Transaction.attempt(attempt).insert(MAJOR, "1").build();
    assertThat(registry.commit(insert)).isEqualTo(Outcome.COMMITTED);
    String later = nextId();
    registry.commit(Transaction.attempt(later).replace(MAJOR, "2", attempt).build());

    assertThat(registry.commit(insert)).isEqualTo(Outcome.COMMITTED);
    assertThat(registry.read(MAJOR)).contains(new Document(MAJOR, "2", later));

    registry.commit(Transaction.attempt(nextId()).delete(MAJOR, later).build());
    assertThat(registry.commit(insert)).isEqualTo(Outcome.COMMITTED);
    assertThat(registry.read(MAJOR)).isEmpty();
  }

  @Test
  void aFencedAttemptNeverCommits() {
    String attempt = nextId();

    assertThat(registry.resolve(MAJOR.partition(), attempt)).isEqualTo(Outcome.ABORTED);
    assertThat(registry.commit(Transaction.attempt(attempt).insert(MAJOR, "late").build()))
        .isEqualTo(Outcome.ABORTED);
    assertThat(registry.read(MAJOR)).isEmpty();
    assertThat(registry.resolve(MAJOR.partition(), attempt)).isEqualTo(Outcome.ABORTED);
    assertThat(registry.read(attemptKey(MAJOR.partition(), attempt)))
        .map(Document::json)
        .contains(Registry.ATTEMPT_ABORTED);
  }

  @Test
  void aFenceStopsOneAttemptAndNoOther() {
    String fenced = nextId();
    registry.resolve(MAJOR.partition(), fenced);

    assertThat(commitOne(MAJOR, "1")).isNotEqualTo(fenced);
    assertThat(registry.commit(Transaction.attempt(fenced).insert(CARD, "1").build()))
        .as("the fence is in commerce/orders, this first write in commerce")
        .isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void theRowOfAnAttemptIsInThePartitionOfTheFirstWrite() {
    String attempt = nextId();
    registry.commit(Transaction.attempt(attempt).checkAbsent(ELSEWHERE).insert(MAJOR, "1").build());

    assertThat(registry.read(attemptKey(MAJOR.partition(), attempt)))
        .contains(
            new Document(
                attemptKey(MAJOR.partition(), attempt), Registry.ATTEMPT_COMMITTED, attempt));
    assertThat(registry.read(attemptKey(ELSEWHERE.partition(), attempt))).isEmpty();
  }

  @Test
  void rowsOfAttemptsCannotBeWrittenByCallers() {
    assertThatThrownBy(
            () ->
                Transaction.attempt(nextId())
                    .insert(attemptKey("commerce", nextId()), Registry.ATTEMPT_COMMITTED)
                    .build())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("attempt/");
  }

  @Test
  void jsonIsStoredUnchangedWithUnknownFields() {
    String json =
        "{ \"format\":1,\t\"unknown\":{\"b\":2,\"a\":[1.0,1.00,1e400,123456789012345678901234567890]},"
            + "\r\n \"escapes\":\"\\u00e9\\n\\\\\\/\",\"text\":\"é\u00a0漢字🚀 'quoted'; -- %s ?\","
            + "\"twice\":1,\"twice\":2,\"empty\":\"\"} ";
    commitOne(CARD, json);

    assertThat(registry.read(CARD)).map(Document::json).contains(json);
    assertThat(registry.list("commerce", "product/", null).documents())
        .extracting(Document::json)
        .containsExactly(json);
  }

  @Test
  void ninetyActionsAreAppliedAndOneMoreIsRejected() {
    assertThat(registry.commit(inserts(Transaction.MAX_ACTIONS).build()))
        .isEqualTo(Outcome.COMMITTED);
    assertThat(walk("commerce", "n/")).hasSize(Transaction.MAX_ACTIONS);

    assertRefused(() -> inserts(Transaction.MAX_ACTIONS + 1).build(), "91", "90");
  }

  @Test
  void aDocumentOf350KibibytesIsStoredAndOneByteMoreIsRejected() {
    String largest = text(Transaction.MAX_DOCUMENT_BYTES);
    commitOne(CARD, largest);

    assertThat(registry.read(CARD)).map(Document::json).contains(largest);
    assertRefused(
        () -> Transaction.attempt(nextId()).insert(MAJOR, largest + "x").build(), "358401");
  }

  @Test
  void theLimitOfADocumentIsInBytesNotCharacters() {
    String largest = "é".repeat(Transaction.MAX_DOCUMENT_BYTES / 2);
    commitOne(CARD, largest);

    assertThat(registry.read(CARD)).map(Document::json).contains(largest);
    assertRefused(
        () -> Transaction.attempt(nextId()).insert(MAJOR, largest + "é").build(), "358402");
  }

  @Test
  void aTransactionOfThreeMebibytesIsAppliedAndOneByteMoreIsRejected() {
    assertThat(registry.commit(ofBytes(Transaction.MAX_BYTES))).isEqualTo(Outcome.COMMITTED);
    assertThat(walk("commerce", "n/")).hasSize(9);

    assertRefused(() -> ofBytes(Transaction.MAX_BYTES + 1), "3145729", "3145728");
  }

  @Test
  void aKeyBelow900BytesIsStoredAndOneByteMoreIsRejected() {
    Key longest = new Key("commerce", "k".repeat(Key.MAX_BYTES - 1 - "commerce".length()));
    String attempt = commitOne(longest, "1");

    assertThat(registry.read(longest)).contains(new Document(longest, "1", attempt));
    assertThat(walk("commerce", "kkk")).extracting(Document::key).containsExactly(longest);
    assertRefused(() -> new Key("commerce", longest.sort() + "k"), "900");
  }

  @Test
  void aKeyContainsPrintableAsciiOnly() {
    for (String sort : List.of("", "é", "tab\t", "\u007f", "nul\0")) {
      assertThatThrownBy(() -> new Key("commerce", sort))
          .as("sort key %s", sort)
          .isInstanceOf(InvalidRequestException.class);
    }
    Key odd = new Key("commerce", " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
    String attempt = commitOne(odd, "1");
    assertThat(registry.read(odd)).contains(new Document(odd, "1", attempt));
  }

  @Test
  void closingTwiceIsHarmless() {
    registry.close();
    registry.close();

    assertThatThrownBy(() -> registry.read(CARD))
        .isInstanceOfSatisfying(
            MeshException.class,
            closed -> assertThat(closed.errorCode()).isEqualTo(ErrorCode.CLOSED));
  }

  private void assertConflict(Transaction.Builder builder, Key... expected) {
    Transaction transaction = builder.build();
    List<Key> keys = transaction.actions().stream().map(Transaction.Action::key).toList();
    List<java.util.Optional<Document>> before = keys.stream().map(registry::read).toList();

    Outcome outcome = registry.commit(transaction);

    assertThat(outcome.status()).isEqualTo(Status.CONFLICT);
    assertThat(outcome.conflicts()).containsExactlyInAnyOrder(expected);
    assertThat(keys.stream().map(registry::read).toList()).isEqualTo(before);
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContainingAll(facts);
  }

  private Transaction.Builder inserts(int count) {
    Transaction.Builder builder = Transaction.attempt(nextId());
    for (int i = 0; i < count; i++) {
      builder.insert(new Key("commerce", "n/" + i), "{}");
    }
    return builder;
  }

  /** Returns nine documents that together with their keys have this many bytes. */
  private Transaction ofBytes(int bytes) {
    Transaction.Builder builder = Transaction.attempt(nextId());
    int remaining = bytes;
    for (int i = 0; i < 9; i++) {
      Key key = new Key("commerce", "n/" + i);
      remaining -= key.partition().length() + key.sort().length();
      int size = Math.min(remaining, i < 8 ? Transaction.MAX_DOCUMENT_BYTES - 512 : remaining);
      builder.insert(key, text(size));
      remaining -= size;
    }
    return builder.build();
  }

  private static String text(int bytes) {
    return "x".repeat(bytes);
  }
}
