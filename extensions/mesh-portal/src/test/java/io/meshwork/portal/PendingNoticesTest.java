package io.meshwork.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.portal.SmallMesh.Order;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.RecordingNotifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page of a domain shows of notices that its notifiers have not delivered. */
class PendingNoticesTest {
  private static final Principal OWNER = Principal.of("commerce", "etl");
  private static final String ORDERS = "commerce/orders";

  @TempDir Path folder;

  private final ManualClock clock = ManualClock.at(SmallMesh.NOW);
  private final RecordingNotifier outbox = new RecordingNotifier();
  private Mesh mesh;
  private Mesh job;
  private int sites;

  @BeforeEach
  void makeMeshWithDeliveredNotices() {
    Registry registry = InMemoryMesh.registry();
    FileIO files = InMemoryMesh.files();
    mesh =
        Mesh.builder(registry, files, "memory:/mesh")
            .clock(clock)
            .notifier("outbox", outbox)
            .open();
    job = Mesh.builder(registry, files, "memory:/mesh").clock(clock).open();
    MeshClient commerce = mesh.clientAs(OWNER);
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    SmallMesh.define(commerce, ORDERS, "Orders of the shop");
    MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
    finance.registerDomain("finance").owner("finance@example.org").commit();
    finance.subscribe(ORDERS).name("tax").purpose("Tax").contact("t@example.org").commit();
    mesh.deliverNotices();
    clock.advance(Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    job.close();
    mesh.close();
  }

  /** Writes the site of a viewer, and returns the codes of the notices on its page. */
  private List<String> pending(Principal viewer) throws IOException {
    Path site = folder.resolve("site-" + sites++);
    Portal.of(mesh.clientAs(viewer)).writeTo(site);
    JsonNode rows = new ObjectMapper().readTree(site.resolve("mine.json").toFile()).get("waiting");
    Document page = Jsoup.parse(site.resolve("mine.html").toFile());
    List<String> shown = page.select("[data-mine=waiting] li").eachText();
    List<String> codes = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (JsonNode row : rows) {
      codes.add(row.get("code").asText());
      texts.add(
          String.join(
              " ", row.get("where").asText(), row.get("what").asText(), row.get("fix").asText()));
      assertThat(row.get("where").asText()).isEqualTo("notifier outbox");
    }
    assertThat(shown).as("the page and its document").isEqualTo(texts);
    return codes;
  }

  /** Publishes in a process without notifiers. */
  private void publish() {
    job.clientAs(OWNER).publish(ORDERS).records(List.of(new Order("o-1", 17))).commit();
  }

  @Test
  void theOwnersSeeWaitingFailingAndParkedNotices() throws IOException {
    assertThat(pending(OWNER)).isEmpty();

    publish();
    assertThat(pending(OWNER)).containsExactly("NOTICE_WAITING");

    outbox.before(
        notice -> {
          throw new IllegalStateException("The receiver is down");
        });
    mesh.deliverNotices();
    publish();
    assertThat(pending(OWNER)).containsExactly("NOTICE_FAILING");
    assertThat(pending(Principal.of("finance", "etl"))).as("of another domain").isEmpty();
    assertThat(pending(SmallMesh.VISITOR)).isEmpty();
  }

  @Test
  void aParkedNoticeStaysUntilItIsDelivered() throws IOException {
    outbox.before(
        notice -> {
          throw Failure.of(MeshAction.of(Verb.DELIVER, notice.id()))
              .because("the receiver wants no more")
              .lasting(ErrorCode.BACKEND_FAILED);
        });
    publish();
    mesh.deliverNotices();
    assertThat(pending(OWNER)).containsExactly("NOTICE_PARKED");

    outbox.before(notice -> {});
    mesh.retryParkedNotices();
    mesh.deliverNotices();
    assertThat(pending(OWNER)).isEmpty();
  }
}
