package io.meshwork.portal;

import static io.meshwork.internal.testkit.SampleMesh.ANALYST;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.governance.AccessReview;
import io.meshwork.governance.Audit;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.meter.Meters;
import io.meshwork.portal.internal.page.PageForms;
import io.meshwork.portal.internal.page.PageTemplates;
import io.meshwork.portal.internal.site.SitePages;
import io.meshwork.product.Classification;
import io.meshwork.registry.Registry;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.InMemoryMesh;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose product page has rows, and what showing them leaves behind. */
class SampleRowsTest {
  private static final String SALES = "commerce/sales";
  private static final String PAGE = "product/commerce/sales.html";
  private static final String CELLS = "[data-sample] td";
  private static final String NO_SAMPLE = "[data-no-sample]";

  private static final Set<Audit.Outcome> READ_OR_DENIED =
      Set.of(Audit.Outcome.READ, Audit.Outcome.DENIED);

  @TempDir Path folder;
  private final List<String> metered = new ArrayList<>();
  private final List<String> written = new ArrayList<>();
  private Mesh mesh;
  private MeshClient owner;
  private MeshClient reader;

  record Sale(String id, String country, String email) {}

  record Sold(String id, String land, String email) {}

  private final class NamedMeters implements Meters {
    @Override
    public void count(String name, Map<String, String> tags, double amount) {
      metered.add(name);
    }

    @Override
    public void time(String name, Map<String, String> tags, Duration duration) {
      metered.add(name);
    }

    @Override
    public void gauge(String name, Map<String, String> tags, DoubleSupplier value) {}
  }

  private final class NotedRegistry extends ForwardingRegistry {
    NotedRegistry(Registry real) {
      super(real);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      transaction.actions().stream()
          .filter(action -> action.kind() != Transaction.Kind.CHECK)
          .forEach(action -> written.add(action.key().partition() + " " + action.key().sort()));
      return super.commit(transaction);
    }
  }

  @BeforeEach
  void open() {
    SampleMesh sample =
        SampleMesh.open(
            InMemoryMesh.builder()
                .clock(() -> SmallMesh.NOW)
                .meters(new NamedMeters())
                .testing()
                .wrapRegistry(NotedRegistry::new));
    mesh = sample.mesh();
    owner = sample.commerce();
    owner
        .defineProduct(SALES)
        .contract(
            Contract.of(Sale.class)
                .classification(Classification.RESTRICTED, "email")
                .serviceLevel(ServiceLevel.NONE.availability(99)))
        .commit();
    owner
        .publish(SALES)
        .records(List.of(new Sale("1", "SE", "ann@x.org"), new Sale("2", "DE", "bob@x.org")))
        .commit();
    reader = sample.finance();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private void grant(UnaryOperator<GrantOperation.ByName> part) {
    part.apply(owner.grant(SALES).to(ANALYST).includeSensitive().because("shown")).commit();
  }

  private static Document served(MeshClient viewer) {
    return Jsoup.parse(html(viewer, PAGE));
  }

  private static String html(MeshClient viewer, String page) {
    SitePages site = SitePages.served(viewer, new PageTemplates(), PageForms.NONE);
    return new String(site.find(page).orElseThrow().html(), StandardCharsets.UTF_8);
  }

  private Document written(MeshClient viewer) throws IOException {
    Path site = folder.resolve("site");
    Portal.of(viewer).writeTo(site);
    return Jsoup.parse(site.resolve(PAGE).toFile());
  }

  private List<String> read(MeshClient viewer) {
    List<String> cells = new ArrayList<>();
    try (Rows<Map<String, Object>> rows = viewer.read(SALES).asMaps().rows()) {
      rows.forEach(row -> row.values().forEach(value -> cells.add(String.valueOf(value))));
    }
    return cells;
  }

  @Test
  void theOwnerSeesRows() {
    assertThat(served(owner).select(CELLS).eachText())
        .containsExactly("1", "SE", "ann@x.org", "2", "DE", "bob@x.org");
  }

  @Test
  void aConsumerThatReadsAllRowsSeesThemAsItReadsThem() throws IOException {
    grant(all -> all);

    assertThat(served(reader).select(CELLS).eachText()).isEqualTo(read(reader)).hasSize(6);
    assertThat(served(reader).select(NO_SAMPLE)).isEmpty();
    assertThat(written(reader).select(CELLS).eachText())
        .as("a written site outlives the right to read sensitive values")
        .containsExactly("1", "SE", "\u2022\u2022\u2022", "2", "DE", "\u2022\u2022\u2022");
  }

  @Test
  void aColumnThatIsGrantedInSomeRowsIsMaskedInTheOthers() {
    grant(some -> some.columns("id", "country"));
    grant(swedish -> swedish.rows("country = 'SE'"));

    assertThat(served(reader).select(CELLS).eachText())
        .isEqualTo(read(reader))
        .containsExactly("1", "SE", "ann@x.org", "2", "DE", "null");
  }

  @Test
  void aHiddenColumnIsAbsent() throws IOException {
    grant(some -> some.exceptColumns("email"));

    for (Document page : List.of(served(reader), written(reader))) {
      assertThat(page.select("[data-sample] th").eachText()).containsExactly("id", "country");
      assertThat(page.select(CELLS).eachText()).containsExactly("1", "SE", "2", "DE");
      assertThat(page.select(".data").text()).doesNotContain("You may not");
    }
  }

  @Test
  void aViewerWithARowFilterSeesNoRowsAndIsToldSo() throws IOException {
    grant(swedish -> swedish.rows("country = 'SE'"));

    for (Document page : List.of(served(reader), written(reader))) {
      assertThat(page.select(CELLS)).isEmpty();
      assertThat(page.select(NO_SAMPLE).eachText())
          .containsExactly("You may read only some of its rows, so no sample is shown.");
      assertThat(page.text()).doesNotContain("ann@x.org", "bob@x.org");
    }
  }

  @Test
  void aViewerWithoutAccessSeesNoRowsAndIsToldSo() throws IOException {
    MeshClient visitor = mesh.clientAs(SmallMesh.VISITOR);

    for (Document page : List.of(served(reader), written(reader), served(visitor))) {
      assertThat(page.select(CELLS)).isEmpty();
      assertThat(page.select(NO_SAMPLE).eachText())
          .containsExactly("You may not read its rows, so no sample is shown.");
      assertThat(page.text()).doesNotContain("ann@x.org", "bob@x.org");
    }
  }

  @Test
  void aServedPageHasTheRightsOfItsTime() {
    assertThat(served(reader).select(CELLS)).isEmpty();
    grant(all -> all);
    assertThat(served(reader).select(CELLS)).hasSize(6);
    owner.revoke(owner.access().grants().get(0).id()).because("over").commit();
    assertThat(served(reader).select(CELLS)).isEmpty();
  }

  @Test
  void whileReadsAreSuspendedOnlyTheOwnerSeesRows() {
    grant(all -> all);
    owner.governance().suspendReads(SALES).because("a wrong unit").commit();

    assertThat(served(reader).select(CELLS)).isEmpty();
    assertThat(served(reader).select(NO_SAMPLE).eachText())
        .containsExactly("Reads of it are suspended, so no sample is shown.");
    assertThat(served(owner).select(CELLS)).hasSize(6);
  }

  @Test
  void theSampleIsOfTheCurrentMajorVersion() {
    grant(all -> all);
    MajorRollout rollout =
        owner
            .startRollout(SALES)
            .contract(Contract.of(Sold.class).classification(Classification.RESTRICTED, "email"))
            .because("A word of the field")
            .withoutHistory()
            .commit();
    MajorRollout active = rollout.activate().commit();
    assertThat(served(reader).select("[data-sample] th").eachText()).contains("country");
    active.makeCurrent().commit();
    assertThat(served(reader).select(CELLS + ", " + NO_SAMPLE)).isEmpty();
    owner
        .publish(SALES)
        .onlyMajorVersion(2)
        .because("The other version ends")
        .records(List.of(new Sold("3", "NO", "e@x.org")))
        .commit();
    assertThat(served(reader).select("[data-sample] th").eachText())
        .containsExactly("id", "land", "email");
    assertThat(served(reader).select(CELLS).eachText()).containsExactly("3", "NO", "e@x.org");
  }

  @Test
  void erasedRowsAreNeverShown() throws IOException {
    grant(all -> all);
    assertThat(served(reader).text()).contains("ann@x.org");
    owner.erase(SALES).where("id = '1'").because("asked to").commit();

    for (MeshClient viewer : List.of(owner, reader)) {
      assertThat(served(viewer).select(CELLS).eachText()).containsExactly("2", "DE", "bob@x.org");
      assertThat(served(viewer).html() + written(viewer).html()).doesNotContain("ann@x.org");
    }
  }

  @Test
  void showingRowsWritesNothingButThatTheyWereSeen() throws IOException {
    grant(all -> all);
    metered.clear();
    written.clear();
    served(reader);
    served(owner);
    written(reader);
    served(mesh.clientAs(SmallMesh.VISITOR));
    Map<String, Set<String>> seen = audited();

    assertThat(written).allMatch(key -> key.matches(".*@reads (head|log/.*)")).isNotEmpty();
    assertThat(seen)
        .as("who saw rows stays on record")
        .containsOnly(Map.entry("sample.seen", Set.of("commerce/etl", "finance/analyst")));
    assertThat(metered).doesNotContain("meshwork.read");
    assertThat(owner.consumers(SALES)).noneMatch(use -> use.kind() == ProductConsumer.Kind.READER);
    assertThat(owner.governance().accessReview("commerce").entries())
        .extracting(AccessReview.Entry::lastUsed)
        .containsExactly(Optional.empty());

    read(reader);
    assertThat(audited()).containsKey("read.seen");
    assertThat(owner.consumers(SALES)).anyMatch(use -> use.kind() == ProductConsumer.Kind.READER);
    assertThat(metered).contains("meshwork.read");
  }

  /** Returns who read, or was denied, by the action. */
  private Map<String, Set<String>> audited() {
    return owner.governance().audit().subject(SALES).list().stream()
        .filter(entry -> READ_OR_DENIED.contains(entry.outcome()))
        .collect(
            Collectors.groupingBy(
                Audit.Entry::action, Collectors.mapping(Audit.Entry::who, Collectors.toSet())));
  }

  @Test
  void thePageOfAWideProductStaysSmall() {
    Schema schema = wide(200);
    owner.defineProduct("commerce/wide").contract(Contract.of(schema)).openToMesh().commit();
    List<GenericRecord> rows = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      GenericRecord record = new GenericData.Record(schema);
      schema.getFields().forEach(field -> record.put(field.pos(), "\"".repeat(100)));
      rows.add(record);
    }
    owner.publish("commerce/wide").records(rows).commit();

    String html = html(reader, "product/commerce/wide.html");
    assertThat(Jsoup.parse(html).select(CELLS)).hasSize(3 * 40);
    assertThat(Jsoup.parse(html).select(".data h3").text()).contains("without 160 columns");
    assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(200_000);
  }

  private static Schema wide(int columns) {
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Wide").fields();
    for (int column = 0; column < columns; column++) {
      fields = fields.requiredString("a_column_with_a_long_name_" + column);
    }
    return fields.endRecord();
  }
}
