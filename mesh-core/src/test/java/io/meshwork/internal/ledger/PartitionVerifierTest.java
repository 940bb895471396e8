package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

class PartitionVerifierTest {
  private static final String PARTITION = "commerce/orders";
  private static final Key MAJOR = new Key(PARTITION, "major/1");
  private static final Key EARLY = new Key(PARTITION, "account/1");
  private static final Key CARD = new Key("commerce", "product/orders");

  private final TestMesh mesh = new TestMesh();

  @Test
  void anEntryHasTheHashesOfItsDocuments() {
    define();
    ObjectNode entry = entry(PARTITION, 1);
    assertThat(entry.path("documents").properties())
        .extracting(java.util.Map.Entry::getKey)
        .containsExactlyInAnyOrder("major/1", "account/1");
    assertThat(entry.path("documents").path("major/1").asText())
        .isEqualTo(DocumentHashes.hash(mesh.registry.read(MAJOR)));
  }

  @Test
  void aDocumentOfAnotherPartitionIsLoggedThere() {
    define();
    ObjectNode beside = entry("commerce", 1);
    assertThat(beside.path("event").asText()).isEqualTo("product.defined");
    assertThat(beside.path("details").path("partition").asText()).isEqualTo(PARTITION);
    assertThat(beside.path("details").path("sequence").asLong()).isEqualTo(1);
    assertThat(beside.path("documents").has("product/orders")).isTrue();
    assertThat(mesh.ledger.verify("commerce")).isEmpty();
    assertThat(mesh.ledger.verify(PARTITION)).isEmpty();

    mesh.registry.erase(CARD);
    assertThat(codes("commerce")).containsExactly(FindingCode.DOCUMENT_MISSING);
  }

  @Test
  void aLostHeadOfAFurtherLogIsDamageAndNotAConflict() {
    define();
    mesh.registry.erase(LogChain.headKey("commerce"));
    assertThatThrownBy(() -> commit(draft().replace(read(CARD), DocumentJson.create().put("a", 2))))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("the log of 'commerce' has entries after");
  }

  @Test
  void theOrderOfFieldsAndSpacesMakeNoDifference() {
    define();
    mesh.registry.tamper(MAJOR, "{ \"n\" : 1,\n \"format\":1 }");
    assertThat(codes(PARTITION)).isEmpty();
    mesh.registry.tamper(MAJOR, "{\"n\":1.0,\"format\":1}");
    assertThat(codes(PARTITION)).containsExactly(FindingCode.DOCUMENT_EDITED);
  }

  @Test
  void aDocumentThatWasDeletedStaysDeleted() {
    define();
    String before = mesh.registry.read(MAJOR).orElseThrow().json();
    commit(draft().delete(read(MAJOR)));
    assertThat(codes(PARTITION)).isEmpty();
    mesh.registry.tamper(MAJOR, before);
    assertThat(codes(PARTITION)).containsExactly(FindingCode.DOCUMENT_INSERTED);
  }

  @Test
  void documentsWrittenBetweenThePagesOfTheWalkAreNotFindings() {
    define();
    for (int i = 0; i < 10; i++) {
      commit(draft());
    }
    ScriptedRegistry busy = mesh.registry;
    PartitionVerification check =
        new PartitionVerifier(new WriteAfterFirstPage(busy, this::touchBoth), PARTITION).examine();
    assertThat(check.findings()).isEmpty();
    assertThat(mesh.ledger.entries(PARTITION)).hasSize(11 + 4 * 2);
    assertThat(codes(PARTITION)).isEmpty();
  }

  @Test
  void aLogTruncatedWithItsHeadIsFoundByItsCommits() {
    define();
    String head = mesh.registry.read(LogChain.headKey(PARTITION)).orElseThrow().json();
    commit(draft());
    mesh.registry.erase(LogChain.entryKey(PARTITION, 2));
    mesh.registry.tamper(LogChain.headKey(PARTITION), head);
    assertThat(codes(PARTITION)).containsExactly(FindingCode.LOG_CUT);
  }

  /** Commits concurrently after the first page of each list. */
  private record WriteAfterFirstPage(ScriptedRegistry real, Runnable write)
      implements io.meshwork.registry.Registry {
    @Override
    public java.util.Optional<Document> read(Key key) {
      return real.read(key);
    }

    @Override
    public Page list(
        String partition, String prefix, @org.jspecify.annotations.Nullable String cursor) {
      Page page = real.list(partition, prefix, cursor);
      write.run();
      return page;
    }

    @Override
    public SortedSet<String> partitions() {
      return real.partitions();
    }

    @Override
    public Outcome commit(Transaction transaction) {
      return real.commit(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return real.resolve(partition, attemptId);
    }

    @Override
    public void close() {}
  }

  private int touched;

  private void touchBoth() {
    if (touched++ > 3) {
      return;
    }
    for (Key key : List.of(EARLY, MAJOR)) {
      commit(draft().replace(read(key), DocumentJson.create().put("n", 100 + touched)));
    }
  }

  private void define() {
    commit(
        draft()
            .insert(MAJOR, DocumentJson.create().put("n", 1))
            .insert(EARLY, DocumentJson.create().put("n", 1))
            .insert(CARD, DocumentJson.create().put("a", 1)));
  }

  private VersionedDocument read(Key key) {
    return mesh.ledger.read(key).orElseThrow();
  }

  private ObjectNode entry(String partition, long sequence) {
    return read(LogChain.entryKey(partition, sequence)).json();
  }

  private List<FindingCode> codes(String partition) {
    return mesh.ledger.verify(partition).stream().map(Finding::code).toList();
  }

  private static CommitDraft<String> draft() {
    return CommitDraft.<String>of("product.defined", Principal.of("commerce", "etl"), PARTITION)
        .result("done");
  }

  private void commit(CommitDraft<String> draft) {
    mesh.ledger.commit(
        new Ledger.Change<String>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.DEFINE);
          }

          @Override
          public String partition() {
            return PARTITION;
          }

          @Override
          public CommitDraft<String> draft(Ledger.Attempt attempt) {
            return draft;
          }
        },
        mesh.deadline());
  }
}
