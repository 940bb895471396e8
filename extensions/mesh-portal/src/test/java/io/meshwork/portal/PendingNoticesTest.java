package io.meshwork.portal;

import static io.meshwork.internal.testkit.SampleMesh.ORDERS;
import static io.meshwork.internal.testkit.SampleMesh.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.testkit.SampleMesh;
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
    SampleMesh sample =
        SampleMesh.open(
            Mesh.builder(registry, files, "memory:/mesh").clock(clock).notifier("outbox", outbox));
    mesh = sample.mesh();
    job = Mesh.builder(registry, files, "memory:/mesh").clock(clock).open();
    SmallMesh.define(sample.commerce(), ORDERS, "Orders of the shop");
    sample.finance().subscribe(ORDERS).name("tax").purpose("Tax").contact("t@example.org").commit();
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
    job.clientAs(SHOP).publish(ORDERS).records(List.of(SmallMesh.order(17))).commit();
  }

  @Test
  void theOwnersSeeWaitingFailingAndParkedNotices() throws IOException {
    assertThat(pending(SHOP)).isEmpty();

    publish();
    assertThat(pending(SHOP)).containsExactly("NOTICE_WAITING");

    outbox.before(
        notice -> {
          throw new IllegalStateException("The receiver is down");
        });
    mesh.deliverNotices();
    publish();
    assertThat(pending(SHOP)).containsExactly("NOTICE_FAILING");
    assertThat(pending(SampleMesh.ANALYST)).as("of another domain").isEmpty();
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
    assertThat(pending(SHOP)).containsExactly("NOTICE_PARKED");

    outbox.before(notice -> {});
    mesh.retryParkedNotices();
    mesh.deliverNotices();
    assertThat(pending(SHOP)).isEmpty();
  }
}
