package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.governance.Audit;
import io.meshwork.governance.Audit.Checkpoint;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.testkit.MeshPlace;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit finds changes that were written directly to the registry. */
class AuditProofTest {
  private static final String ORDERS = "commerce/orders";
  private static final KeyPair KEYS = Checkpoint.newKeys();

  private final MeshPlace place = MeshPlace.inMemory();

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Registry registry;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Audit origin;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Checkpoint checkpoint;

  @BeforeEach
  void fillAMesh() {
    Mesh mesh = place.open().testing().wrapRegistry(real -> registry = real).open();
    MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
    shop.registerDomain("commerce").owner("shop@example.org").commit();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    shop.publish(ORDERS).records(Order.range(0, 2)).commit();
    shop.publish(ORDERS).records(Order.range(2, 4)).commit();
    shop.read(ORDERS).rows().close();
    origin = shop.governance().audit();
    checkpoint = origin.checkpoint(KEYS.getPrivate());
    assertThat(origin.verify(checkpoint, KEYS.getPublic())).isEmpty();
  }

  /** Returns the findings of the audit when a partition has these documents instead. */
  private <R> R audited(
      String partition, SortedMap<String, String> documents, Function<Audit, R> asked) {
    try (Mesh mesh =
        copy()
            .testing()
            .wrapRegistry(real -> new TamperedRegistry(real, partition, documents))
            .open()) {
      return asked.apply(mesh.clientAs(Principal.of("commerce", "auditor")).governance().audit());
    }
  }

  private Mesh.Builder copy() {
    return place.copy().orElseThrow().open();
  }

  private List<Finding> verified(String partition, SortedMap<String, String> documents) {
    return audited(partition, documents, Audit::verify);
  }

  private List<Finding> against(String partition, SortedMap<String, String> documents) {
    return audited(partition, documents, audit -> audit.verify(checkpoint, KEYS.getPublic()));
  }

  private SortedMap<String, String> documents(String partition) {
    SortedMap<String, String> documents = new TreeMap<>();
    String cursor = null;
    do {
      var page = registry.list(partition, "", cursor);
      for (Document document : page.documents()) {
        documents.put(document.key().sort(), document.json());
      }
      cursor = page.nextCursor();
    } while (cursor != null);
    return documents;
  }

  private static List<String> entries(SortedMap<String, String> documents) {
    return documents.keySet().stream().filter(sort -> sort.startsWith("log/")).toList();
  }

  @Test
  void aChangeOfAnyByteOfAnEntryIsFound() {
    Random random = new Random(20261120);
    for (String partition : List.of(ORDERS, "commerce/@reads")) {
      SortedMap<String, String> before = documents(partition);
      assertThat(entries(before)).isNotEmpty();
      for (String sort : entries(before)) {
        String json = before.get(sort);
        for (int at = 0; at < json.length(); at++) {
          char other = (char) (' ' + random.nextInt(95));
          if (other == json.charAt(at)) {
            continue;
          }
          SortedMap<String, String> after = new TreeMap<>(before);
          after.put(sort, json.substring(0, at) + other + json.substring(at + 1));
          assertThat(verified(partition, after))
              .as("seed 20261120, %s %s with '%s' at %s", partition, sort, other, at)
              .isNotEmpty()
              .first()
              .extracting(Finding::where)
              .asString()
              .startsWith(partition + " · log/");
        }
      }
    }
  }

  @Test
  void aRemovedOrMovedEntryIsNamed() {
    SortedMap<String, String> before = documents(ORDERS);
    List<String> entries = entries(before);
    assertThat(entries).hasSizeGreaterThan(2);
    for (int i = 0; i < entries.size(); i++) {
      SortedMap<String, String> without = new TreeMap<>(before);
      without.remove(entries.get(i));
      assertThat(verified(ORDERS, without))
          .as("without %s", entries.get(i))
          .first()
          .extracting(Finding::where)
          .isEqualTo(ORDERS + " · " + entries.get(i));
      for (int k = i + 1; k < entries.size(); k++) {
        SortedMap<String, String> swapped = new TreeMap<>(before);
        swapped.put(entries.get(i), before.get(entries.get(k)));
        swapped.put(entries.get(k), before.get(entries.get(i)));
        assertThat(verified(ORDERS, swapped))
            .as("%s and %s exchanged", entries.get(i), entries.get(k))
            .first()
            .extracting(Finding::where)
            .isEqualTo(ORDERS + " · " + entries.get(i));
      }
    }
  }

  @Test
  void aTruncatedLogIsFoundWithACheckpoint() {
    for (String partition : List.of(ORDERS, "commerce", "commerce/@reads", "_mesh")) {
      SortedMap<String, String> before = documents(partition);
      List<String> entries = entries(before);
      for (int kept = 0; kept < entries.size(); kept++) {
        SortedMap<String, String> cut = new TreeMap<>(before);
        entries.subList(kept, entries.size()).forEach(cut::remove);
        if (kept == 0) {
          cut.remove("head");
        } else {
          setHead(cut, entries.get(kept - 1));
        }
        assertThat(against(partition, cut))
            .as("%s with %s entries", partition, kept)
            .anySatisfy(
                finding -> {
                  assertThat(finding.code().area()).isEqualTo(FindingCode.Area.LOG);
                  assertThat(finding.where()).startsWith(partition + " · ");
                });
      }
    }
  }

  @Test
  void aRewrittenLogIsFoundWithACheckpointOnly() {
    SortedMap<String, String> before = documents(ORDERS);
    List<String> entries = entries(before);
    for (String changed : entries) {
      SortedMap<String, String> after = new TreeMap<>(before);
      String previous = "0".repeat(64);
      for (String sort : entries) {
        ObjectNode entry = DocumentJson.parseObject(sort, before.get(sort));
        entry.remove("hash");
        entry.put("previous", previous);
        if (sort.equals(changed)) {
          entry.put("principal", "commerce/somebody-else");
        }
        previous = DocumentJson.hash(entry);
        after.put(sort, DocumentJson.write(entry.put("hash", previous)));
      }
      setHead(after, entries.get(entries.size() - 1));

      assertThat(verified(ORDERS, after)).as("%s changed, without a checkpoint", changed).isEmpty();
      assertThat(against(ORDERS, after))
          .as("%s changed", changed)
          .extracting(Finding::code, Finding::where)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  FindingCode.LOG_REWRITTEN, ORDERS + " · entry " + entries.size()));
    }
  }

  @Test
  void aRemovedPartitionIsFoundWithACheckpoint() {
    for (String log : checkpoint.logs()) {
      if (!log.equals("_mesh")) {
        assertThat(against(log, new TreeMap<>()))
            .as("without %s", log)
            .anySatisfy(finding -> assertThat(finding.where()).startsWith(log + " · "));
      }
    }
    assertThat(checkpoint.logs()).contains("_mesh", ORDERS, "commerce/@reads");
  }

  @Test
  void anAlteredOrForeignCheckpointIsRejected() {
    String text = checkpoint.toJson();
    Random random = new Random(20261120);
    SortedMap<String, String> untouched = documents(ORDERS);
    List<String> accepted = new ArrayList<>();
    for (int at = 0; at < text.length(); at++) {
      char other = (char) (' ' + random.nextInt(95));
      String altered = text.substring(0, at) + other + text.substring(at + 1);
      if (!altered.strip().equals(text)) {
        try {
          Checkpoint read = origin.readCheckpoint(altered);
          audited(ORDERS, untouched, audit -> audit.verify(read, KEYS.getPublic()));
          accepted.add(altered);
        } catch (InvalidRequestException e) {
          assertThat(e).hasMessageContaining("checkpoint");
        }
      }
    }
    assertThat(accepted).as("seed 20261120").isEmpty();
    assertThatThrownBy(
            () ->
                audited(
                    ORDERS,
                    untouched,
                    audit -> audit.verify(checkpoint, Checkpoint.newKeys().getPublic())))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("signature");
    assertThatThrownBy(() -> origin.readCheckpoint(text.replace("Ed25519", "none")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Ed25519");
  }

  @Test
  void aMalformedCheckpointOrWrongKeyIsRejectedWithTheReason() throws Exception {
    for (String text : List.of("{}", "{\"format\":1}", "[]", "null", "no json")) {
      assertThatThrownBy(() -> origin.readCheckpoint(text))
          .as(text)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("checkpoint")
          .hasMessageNotContaining("newer version");
    }
    assertThatThrownBy(
            () ->
                origin.readCheckpoint(checkpoint.toJson().replace("\"format\":1", "\"format\":2")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("newer version");
    PublicKey other = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
    assertThatThrownBy(
            () -> audited(ORDERS, documents(ORDERS), audit -> audit.verify(checkpoint, other)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("the key is of RSA", Checkpoint.ALGORITHM)
        .hasMessageNotContaining("its signature");
  }

  @Test
  void aCheckpointIsNotCreatedAfterAnInvalidOne() {
    SortedMap<String, String> cut = documents(ORDERS);
    List<String> entries = entries(cut);
    cut.remove(entries.get(entries.size() - 1));
    setHead(cut, entries.get(entries.size() - 2));
    for (SortedMap<String, String> after : List.of(cut, new TreeMap<String, String>())) {
      assertThatThrownBy(
              () ->
                  audited(ORDERS, after, audit -> audit.checkpoint(KEYS.getPrivate(), checkpoint)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll(ORDERS + " · entry ", "verify(");
    }
  }

  @Test
  void theFixOfATamperedLogIsToKeepTheEvidence() {
    SortedMap<String, String> cut = documents(ORDERS);
    List<String> entries = entries(cut);
    cut.remove(entries.get(entries.size() - 1));
    setHead(cut, entries.get(entries.size() - 2));

    assertThat(against(ORDERS, cut))
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.fix()).contains("evidence", "beside it"));
  }

  @Test
  void checkpointsAreLinked() {
    try (Mesh mesh = copy().open()) {
      Audit audit = mesh.clientAs(Principal.of("commerce", "etl")).governance().audit();
      Checkpoint next = audit.checkpoint(KEYS.getPrivate(), checkpoint);

      assertThat(checkpoint.previous()).isEmpty();
      assertThat(next.previous()).contains(checkpoint.digest());
      assertThat(origin.readCheckpoint(next.toJson()).digest()).isEqualTo(next.digest());
      assertThat(audit.verify(origin.readCheckpoint(checkpoint.toJson()), KEYS.getPublic()))
          .isEmpty();
    }
  }

  private static void setHead(SortedMap<String, String> documents, String last) {
    ObjectNode entry = DocumentJson.parseObject(last, documents.get(last));
    ObjectNode head = DocumentJson.parseObject("head", documents.get("head"));
    head.put("sequence", entry.path("sequence").asLong());
    head.put("hash", entry.path("hash").asText());
    head.put("at", entry.path("at").asText());
    documents.put("head", DocumentJson.write(head));
  }
}
