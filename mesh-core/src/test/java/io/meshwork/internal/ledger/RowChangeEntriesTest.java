package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which entries of a log changed rows, and how many others are read to know it. */
class RowChangeEntriesTest {
  private static final String PARTITION = "commerce/orders";

  private final TestMesh mesh = new TestMesh();

  @Test
  void noEntryIsReadThatChangedNoRows() {
    publish(10);
    grant(2_000);
    publish(3);
    grant(2_000);

    assertThat(newest(13))
        .containsExactly(2013L, 2012L, 2011L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
    assertThat(documentsToRead(10)).isLessThan(60);
    assertThat(documentsToRead(14)).as("there are 13").isLessThan(60);
  }

  @Test
  void theTenNewestChangesTakeTwoListsHoweverManyGrantsFollowed() {
    publish(25);
    grant(3_000);

    assertThat(newest(10)).startsWith(25L).endsWith(16L);
    assertThat(listsOf(10)).isEqualTo(2);
    assertThat(documentsToRead(10)).as("head and two pages").isEqualTo(21);
  }

  @Test
  void theNewestChangeUpToAnEntryIsFoundWithoutTheOnesAfterIt() {
    publish(1);
    grant(1_500);
    publish(500);
    grant(1_500);

    int before = mesh.registry.lists();
    assertThat(newestUpTo(3_400)).as("among the newest grants").isEqualTo(2_001);
    assertThat(newestUpTo(1_800)).as("a change with newer ones").isEqualTo(1_800);
    assertThat(mesh.registry.lists() - before).isEqualTo(2);
    assertThat(newestUpTo(1_000)).as("among older grants").isEqualTo(1);
    assertThat(mesh.ledger.rowChanges(PARTITION, 0).hasNext()).isFalse();
  }

  @Test
  void allChangesTakeNoMoreListsIfGrantsLieBetweenThem() {
    for (int i = 0; i < 2_500; i++) {
      grant(1);
      publish(1);
    }

    assertThat(newest(5_000)).hasSize(2_500).startsWith(5_000L, 4_998L).endsWith(4L, 2L);
    assertThat(listsOf(5_000)).as("thousands, and hundreds up to them").isLessThan(20);
  }

  @Test
  void aShortLogIsReadAtOnce() {
    for (int i = 0; i < 9; i++) {
      publish(1);
      grant(10);
    }

    assertThat(newest(99)).containsExactly(89L, 78L, 67L, 56L, 45L, 34L, 23L, 12L, 1L);
    assertThat(listsOf(99)).isEqualTo(1);
  }

  @Test
  void aProductWithoutRowsHasNoChangesWhateverWasGranted() {
    grant(2_000);

    assertThat(newest(1)).isEmpty();
    assertThat(documentsToRead(1)).isEqualTo(1);
  }

  @Test
  void changesOfAnEarlierVersionAreFound() {
    publish(2);
    grant(200);
    publish(1);
    grant(200);
    for (long sequence = 1; sequence <= 403; sequence++) {
      cut(sequence);
    }
    cutHead();

    assertThat(newest(9)).containsExactly(203L, 2L, 1L);

    grant(1);
    publish(1);
    grant(1);
    assertThat(newest(9)).containsExactly(405L, 203L, 2L, 1L);
  }

  @Test
  void anEarlierVersionThatWritesInBetweenHidesNoChange() {
    publish(1);
    ObjectNode before = head().deepCopy();
    publish(1);
    cut(2);
    ObjectNode after = head().deepCopy();
    after.set("rowChanges", before.path("rowChanges")); // it keeps the fields that it does not know
    put(after);
    grant(1);

    assertThat(newest(9)).containsExactly(2L, 1L);

    publish(1);
    assertThat(newest(9)).containsExactly(4L, 2L, 1L);
  }

  @Test
  void aHeadThatHidesChangesIsFound() {
    publish(2);
    grant(1);
    assertThat(codes()).isEmpty();

    ObjectNode edited = head().deepCopy();
    edited.putObject("rowChanges").put("newest", 1).put("until", 3);
    put(edited);

    assertThat(codes()).containsExactly(FindingCode.LOG_HEAD_WRONG);
  }

  @Test
  void anEntryThatHidesChangesIsFound() {
    publish(2);
    grant(1);
    publish(1);
    relink(4, 0);
    assertThat(newest(9)).as("what it hides").containsExactly(4L);

    assertThat(mesh.ledger.verify(PARTITION))
        .extracting(Finding::code, Finding::what)
        .containsExactly(
            tuple(
                FindingCode.LOG_CHAIN_BROKEN,
                "The entry names entry 0 as the previous one that changed rows, but it is 2."));

    relink(4, 3);
    assertThat(codes()).as("an entry that changed no rows").contains(FindingCode.LOG_CHAIN_BROKEN);
    relink(4, 2);
    assertThat(codes()).isEmpty();
  }

  @Test
  void aLinkIsOnlyComparedWithEntriesThatCanBeRead() {
    publish(3);
    mesh.registry.tamper(LogChain.entryKey(PARTITION, 2), "{\"sequence\":2,");
    assertThat(codes()).containsExactly(FindingCode.LOG_ENTRY_EDITED);

    mesh.registry.erase(LogChain.entryKey(PARTITION, 2));
    assertThat(codes()).containsExactly(FindingCode.LOG_ENTRY_MISSING);

    publish(2);
    relink(5, 1);
    assertThat(codes())
        .as("entry 4 can be read")
        .containsExactly(FindingCode.LOG_ENTRY_MISSING, FindingCode.LOG_CHAIN_BROKEN);
  }

  @Test
  void theHeadIsOnlyComparedWithEntriesThatCanBeRead() {
    publish(2);
    grant(1);
    mesh.registry.erase(LogChain.entryKey(PARTITION, 2));

    assertThat(codes()).containsExactly(FindingCode.LOG_ENTRY_MISSING);
  }

  private List<FindingCode> codes() {
    return mesh.ledger.verify(PARTITION).stream().map(Finding::code).toList();
  }

  /** Changes the link of the newest entry, with hashes that match. */
  /** The entry after one that was edited is as it was written. */
  @Test
  void anEditedEntryIsTheOnlyOneThatIsFound() {
    publish(3);
    ObjectNode edited = mesh.ledger.entry(PARTITION, 2).orElseThrow().json().deepCopy();
    edited.putObject("details");
    mesh.registry.tamper(LogChain.entryKey(PARTITION, 2), DocumentJson.write(edited));

    assertThat(codes()).containsExactly(FindingCode.LOG_ENTRY_EDITED);
  }

  private void relink(long sequence, long previousRowChange) {
    ObjectNode entry = mesh.ledger.entry(PARTITION, sequence).orElseThrow().json().deepCopy();
    entry.put("previousRowChange", previousRowChange);
    entry.put("hash", LogChain.hash(entry));
    mesh.registry.tamper(LogChain.entryKey(PARTITION, sequence), DocumentJson.write(entry));
    put(head().deepCopy().put("hash", entry.path("hash").asText()));
  }

  private long newestUpTo(long last) {
    return Ledger.sequence(mesh.ledger.rowChanges(PARTITION, last).next());
  }

  private List<Long> newest(int most) {
    RowChangeEntries changes = mesh.ledger.rowChanges(PARTITION);
    List<Long> found = new ArrayList<>();
    while (found.size() < most && changes.hasNext()) {
      found.add(Ledger.sequence(changes.next()));
    }
    return found;
  }

  private int documentsToRead(int most) {
    int before = mesh.registry.documentsRead();
    newest(most);
    return mesh.registry.documentsRead() - before;
  }

  private int listsOf(int most) {
    int before = mesh.registry.lists();
    newest(most);
    return mesh.registry.lists() - before;
  }

  private ObjectNode head() {
    return mesh.ledger.read(LogChain.headKey(PARTITION)).orElseThrow().json();
  }

  private void put(ObjectNode head) {
    mesh.registry.tamper(LogChain.headKey(PARTITION), DocumentJson.write(head));
  }

  private void cutHead() {
    ObjectNode head = head().deepCopy();
    head.remove("rowChanges");
    put(head);
  }

  private void cut(long sequence) {
    ObjectNode entry = mesh.ledger.entry(PARTITION, sequence).orElseThrow().json().deepCopy();
    entry.remove("previousRowChange");
    mesh.registry.tamper(LogChain.entryKey(PARTITION, sequence), DocumentJson.write(entry));
  }

  private void publish(int times) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    append(times, "product.published", details.put("major", 1).put("snapshotId", "7"));
  }

  private void grant(int times) {
    append(times, "grant.given", JsonNodeFactory.instance.objectNode());
  }

  private void append(int times, String event, ObjectNode details) {
    for (int i = 0; i < times; i++) {
      CommitDraft<String> draft =
          CommitDraft.<String>of(event, Principal.of("commerce", "etl"), PARTITION)
              .details(details)
              .result("done");
      mesh.ledger.commit(
          Ledger.Change.of(MeshAction.of(Verb.WRITE, "the log"), PARTITION, attempt -> draft),
          mesh.deadline());
    }
  }
}
