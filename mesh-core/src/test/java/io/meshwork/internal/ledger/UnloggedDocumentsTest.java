package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import org.junit.jupiter.api.Test;

class UnloggedDocumentsTest {
  private static final String PARTITION = "finance";
  private static final Key POSITION = new Key(PARTITION, "position/commerce.orders/copy");
  private static final Key CARD = new Key(PARTITION, "product/ledger");

  private final TestMesh mesh = new TestMesh();

  private void commit(CommitDraft<Boolean> draft) {
    mesh.ledger.commit(
        new Ledger.Change<Boolean>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.WRITE);
          }

          @Override
          public String partition() {
            return PARTITION;
          }

          @Override
          public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
            return draft.result(true);
          }
        },
        mesh.deadline());
  }

  private static CommitDraft<Boolean> logged() {
    return CommitDraft.of("test", Principal.of("finance", "etl"), "finance");
  }

  private static ObjectNode json(int n) {
    return DocumentJson.create().put("n", n);
  }

  @Test
  void noLogTellsOfItAndNothingIsMissed() {
    commit(CommitDraft.<Boolean>unlogged().insert(POSITION, json(1)));
    assertThat(mesh.ledger.entries(PARTITION)).isEmpty();
    assertThat(mesh.ledger.verify(PARTITION)).isEmpty();

    VersionedDocument position = mesh.ledger.read(POSITION).orElseThrow();
    commit(CommitDraft.<Boolean>unlogged().replace(position, json(2)));
    commit(logged().insert(CARD, json(1)));
    assertThat(mesh.ledger.read(POSITION).orElseThrow().json().path("n").asInt()).isEqualTo(2);
    assertThat(mesh.ledger.entries(PARTITION)).hasSize(1);
    assertThat(mesh.ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void aLoggedChangeMayWriteAnUnloggedDocument() {
    commit(logged().insert(CARD, json(1)).insert(POSITION, json(1)));
    VersionedDocument position = mesh.ledger.read(POSITION).orElseThrow();
    commit(CommitDraft.<Boolean>unlogged().delete(position));

    assertThat(mesh.ledger.entries(PARTITION).get(0).json().path("documents").has("product/ledger"))
        .isTrue();
    assertThat(mesh.ledger.entries(PARTITION).get(0).json().path("documents").has(POSITION.sort()))
        .isFalse();
    assertThat(mesh.ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void whatALogHasToTellOfIsNotWrittenWithoutIt() {
    assertThatThrownBy(() -> commit(CommitDraft.<Boolean>unlogged().insert(CARD, json(1))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(mesh.ledger.read(CARD)).isEmpty();
  }

  @Test
  void aTruncatedLogIsFound() {
    commit(logged().insert(CARD, json(1)));
    commit(CommitDraft.<Boolean>unlogged().insert(POSITION, json(1)));
    mesh.registry.erase(LogChain.entryKey(PARTITION, 1));
    mesh.registry.erase(LogChain.headKey(PARTITION));
    mesh.registry.erase(CARD);

    assertThat(mesh.ledger.verify(PARTITION))
        .extracting(Finding::code)
        .containsExactly(FindingCode.LOG_MISSING);
  }
}
