package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogVerifierTest {
  private static final String PARTITION = "commerce/orders";

  private final TestMesh mesh = new TestMesh();

  @BeforeEach
  void writeALogOfTwentyEntries() {
    for (int i = 1; i <= 20; i++) {
      append("event-" + i);
    }
    assertThat(mesh.ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void everyFieldOfAnEntryIsGuarded() {
    ObjectNode original = entry(9);
    for (String field : List.copyOf(fieldNames(original))) {
      ObjectNode edited = original.deepCopy();
      edited.put(field, field.equals("sequence") ? "10" : "edited");
      put(9, edited);
      assertThat(mesh.ledger.verify(PARTITION)).as("edited field " + field).isNotEmpty();

      ObjectNode cut = original.deepCopy();
      cut.remove(field);
      put(9, cut);
      assertThat(mesh.ledger.verify(PARTITION)).as("removed field " + field).isNotEmpty();
    }
    put(9, original);
    assertThat(mesh.ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void anEditWithARecomputedHashBreaksTheChain() {
    ObjectNode edited = entry(9);
    edited.put("subject", "edited");
    edited.put("hash", LogChain.hash(edited));
    put(9, edited);
    assertThat(codes()).containsExactly(FindingCode.LOG_CHAIN_BROKEN);
  }

  @Test
  void aRemovedEntryIsFound() {
    mesh.registry.erase(LogChain.entryKey(PARTITION, 9));
    assertThat(codes()).contains(FindingCode.LOG_ENTRY_MISSING);
  }

  @Test
  void aRemovedEntryIsFoundAfterLaterOnesWereMoved() {
    for (int i = 9; i < 20; i++) {
      ObjectNode moved = entry(i + 1);
      moved.put("sequence", i);
      put(i, moved);
    }
    mesh.registry.erase(LogChain.entryKey(PARTITION, 20));
    assertThat(codes())
        .contains(
            FindingCode.LOG_ENTRY_EDITED,
            FindingCode.LOG_CHAIN_BROKEN,
            FindingCode.LOG_ENTRY_MISSING);
  }

  @Test
  void anInsertedEntryIsFound() {
    mesh.registry.tamper(new Key(PARTITION, "log/0000000000000000000a"), "{\"format\":1}");
    assertThat(codes()).contains(FindingCode.LOG_ENTRY_INSERTED);
  }

  @Test
  void anEntryInsertedAfterTheLastIsFound() {
    ObjectNode extra = entry(20).deepCopy();
    extra.put("sequence", 21).put("previous", entry(20).path("hash").asText());
    extra.put("hash", LogChain.hash(extra));
    put(21, extra);
    assertThat(codes()).containsExactly(FindingCode.LOG_HEAD_WRONG);
  }

  @Test
  void twoEntriesThatChangedPlacesAreFound() {
    ObjectNode fifth = entry(5);
    ObjectNode sixth = entry(6);
    put(5, sixth);
    put(6, fifth);
    assertThat(codes()).contains(FindingCode.LOG_ENTRY_MOVED, FindingCode.LOG_CHAIN_BROKEN);
  }

  @Test
  void aTruncatedLogDoesNotReachItsHead() {
    mesh.registry.erase(LogChain.entryKey(PARTITION, 20));
    mesh.registry.erase(LogChain.entryKey(PARTITION, 19));
    assertThat(mesh.ledger.verify(PARTITION))
        .extracting(Finding::what)
        .containsExactly("The head counts 20 entries, but the log ends at 18.");
  }

  @Test
  void aMissingOrWrongHeadIsFound() {
    Key head = LogChain.headKey(PARTITION);
    String original = mesh.registry.read(head).orElseThrow().json();
    mesh.registry.tamper(head, original.replaceFirst("\"hash\":\"..", "\"hash\":\"zz"));
    assertThat(codes()).containsExactly(FindingCode.LOG_HEAD_WRONG);

    mesh.registry.tamper(head, original.replace(":20,", ":19,"));
    assertThat(codes()).contains(FindingCode.LOG_HEAD_WRONG);

    mesh.registry.erase(head);
    assertThat(codes()).containsExactly(FindingCode.LOG_HEAD_WRONG);
  }

  @Test
  void anEntryThatIsNotJsonIsFound() {
    mesh.registry.tamper(LogChain.entryKey(PARTITION, 9), "{\"sequence\":9,");
    assertThat(codes()).contains(FindingCode.LOG_ENTRY_EDITED);
  }

  @Test
  void aWholeLogOfNumbersVerifies() {
    ObjectNode numbers = DocumentJson.create();
    numbers.put("decimal", new BigDecimal("1.50")).put("big", new BigDecimal("1E+40"));
    numbers.put("double", 0.1).put("float", 0.1f).put("tiny", 1e-300).put("long", Long.MIN_VALUE);
    numbers.put("text", "\u00e4\u2028\uD83D\uDE00\"\\");
    mesh.ledger.commit(
        change(
            CommitDraft.<String>of("numbers", Principal.of("commerce", "etl"), PARTITION)
                .details(numbers.objectNode().set("numbers", numbers))
                .result("done")),
        mesh.deadline());
    assertThat(mesh.ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void aPartitionWithoutALogHasNoFindings() {
    assertThat(mesh.ledger.verify("commerce/returns")).isEmpty();
  }

  private List<FindingCode> codes() {
    return mesh.ledger.verify(PARTITION).stream().map(Finding::code).toList();
  }

  private ObjectNode entry(int sequence) {
    return mesh.ledger.read(LogChain.entryKey(PARTITION, sequence)).orElseThrow().json();
  }

  private void put(int sequence, ObjectNode entry) {
    mesh.registry.tamper(LogChain.entryKey(PARTITION, sequence), DocumentJson.write(entry));
  }

  private static List<String> fieldNames(ObjectNode entry) {
    return entry.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }

  private void append(String event) {
    mesh.ledger.commit(
        change(
            CommitDraft.<String>of(event, Principal.of("commerce", "etl"), PARTITION)
                .result("done")),
        mesh.deadline());
  }

  private static Ledger.Change<String> change(CommitDraft<String> draft) {
    return new Ledger.Change<>() {
      @Override
      public MeshAction action() {
        return MeshAction.of(Verb.WRITE, "the log");
      }

      @Override
      public String partition() {
        return PARTITION;
      }

      @Override
      public CommitDraft<String> draft(Ledger.Attempt attempt) {
        return draft;
      }
    };
  }
}
