package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.PRODUCT;
import static io.meshwork.engine.EngineFixture.QUARANTINE;
import static io.meshwork.engine.EngineFixture.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.SchemaBuilder;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.responses.GetNamespaceResponse;
import org.apache.iceberg.rest.responses.ListNamespacesResponse;
import org.apache.iceberg.rest.responses.ListTablesResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engines see of a mesh, and what they may not do to it. */
class MeshCatalogTest {
  private static final Namespace MOBILITY = Namespace.of("mobility");

  @TempDir private Path folder;
  private EngineFixture fixture;
  private MeshCatalog catalog;

  @BeforeEach
  void open() {
    fixture = new EngineFixture(folder.resolve("mesh"));
    catalog = fixture.catalog("mobility/spark");
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
    fixture.close();
  }

  private MeshCatalog asFinance() {
    fixture
        .mesh
        .clientAs(Principal.of("finance", "analyst"))
        .registerDomain("finance")
        .owner("finance@example.org")
        .commit();
    return fixture.catalog("finance/spark");
  }

  @Test
  void domainsAreNamespacesAndMajorsAreTablesInStorageNames() {
    assertThat(catalog.listNamespaces()).containsExactly(MOBILITY);
    assertThat(catalog.listNamespaces(MOBILITY)).isEmpty();
    assertThat(catalog.namespaceExists(Namespace.of("finance"))).isFalse();
    assertThat(catalog.loadNamespaceMetadata(MOBILITY)).containsEntry("owner", "trips@example.org");
    assertThat(catalog.listTables(MOBILITY)).containsExactly(TABLE, QUARANTINE);
    assertThat(catalog.tableExists(TABLE)).isTrue();
    assertThat(catalog.loadTable(TABLE).location()).isEqualTo("mesh:/data/mobility/green_trips_v1");
  }

  @Test
  void whatIsListedCanBeSentByIcebergsRestCatalog() {
    assertThat(
            ListNamespacesResponse.builder().addAll(catalog.listNamespaces()).build().namespaces())
        .containsExactly(MOBILITY);
    assertThat(
            ListNamespacesResponse.builder()
                .addAll(catalog.listNamespaces(MOBILITY))
                .build()
                .namespaces())
        .isEmpty();
    assertThat(
            ListTablesResponse.builder().addAll(catalog.listTables(MOBILITY)).build().identifiers())
        .containsExactly(TABLE, QUARANTINE);
    assertThat(
            GetNamespaceResponse.builder()
                .withNamespace(MOBILITY)
                .setProperties(catalog.loadNamespaceMetadata(MOBILITY))
                .build()
                .properties())
        .containsEntry("owner", "trips@example.org");
  }

  @Test
  void theTableOfAPlannedMajorVersionIsListedToItsOwnerOnly() throws IOException {
    TableIdentifier second = TableIdentifier.of("mobility", "green_trips_v2");
    Contract next =
        Contract.of(SchemaBuilder.record("trip").fields().requiredString("id").endRecord());
    MajorRollout planned =
        fixture.owner.startRollout(EngineFixture.PRODUCT).contract(next).because("IDs").commit();

    assertThat(catalog.listTables(MOBILITY)).contains(second);
    try (MeshCatalog finance = asFinance()) {
      assertThat(finance.listTables(MOBILITY)).containsExactly(TABLE);
      assertThatThrownBy(() -> finance.loadTable(second))
          .isInstanceOf(NoSuchTableException.class)
          .hasMessageNotContaining("prepared");
      planned.activate().commit();
      assertThat(finance.listTables(MOBILITY)).containsExactly(TABLE, second);
    }
  }

  @Test
  void receiptsAreThoseOfTheMajorVersionForTheOwnerAlone() throws IOException {
    TableIdentifier second = TableIdentifier.of("mobility", "green_trips_v2");
    PublishReceipt first = publishFirstDay();
    assertThat(catalog.publishTable(PRODUCT, null, null)).isEqualTo(TABLE);

    assertThat(catalog.receipts(TABLE))
        .extracting(PublishReceipt::publishId)
        .containsExactly(first.publishId());
    assertThat(catalog.publishHistory(TABLE).findReceipt("day-1")).isPresent();
    for (TableIdentifier missing : Set.of(second, QUARANTINE)) {
      assertThatThrownBy(() -> catalog.receipts(missing)).isInstanceOf(NoSuchTableException.class);
    }
    try (MeshCatalog finance = asFinance()) {
      assertThatThrownBy(() -> finance.receipts(TABLE)).isInstanceOf(AccessDeniedException.class);
    }
  }

  private PublishReceipt publishFirstDay() {
    return fixture
        .owner
        .publish(PRODUCT)
        .records(List.of(EngineFixture.trip(1, 2.5, "a")))
        .idempotencyKey("day-1")
        .commit();
  }

  @Test
  void aUsedKeyStaysWithItsMajorVersion() {
    TableIdentifier second = TableIdentifier.of("mobility", "green_trips_v2");
    publishFirstDay();
    Contract next =
        Contract.of(SchemaBuilder.record("trip").fields().requiredString("id").endRecord());
    fixture
        .owner
        .startRollout(PRODUCT)
        .contract(next)
        .because("IDs")
        .withoutHistory()
        .commit()
        .activate()
        .commit()
        .makeCurrent()
        .commit();

    assertThat(catalog.publishTable(PRODUCT, null, "day-2")).isEqualTo(second);
    assertThat(catalog.publishTable(PRODUCT, null, "day-1")).isEqualTo(TABLE);
    assertThat(catalog.publishTable(PRODUCT, 1, null)).isEqualTo(TABLE);
    assertThat(catalog.receipts(second)).isEmpty();
  }

  @Test
  void whatIsNotThereIsNotFoundInIcebergsWords() {
    assertThatThrownBy(() -> catalog.listTables(Namespace.of("nobody")))
        .isInstanceOf(NoSuchNamespaceException.class);
    for (String name :
        Set.of("green_trips_v2", "green-trips_v1", "green_trips", "Green_v1", "other_v1")) {
      assertThatThrownBy(() -> catalog.loadTable(TableIdentifier.of("mobility", name)))
          .as(name)
          .isInstanceOf(NoSuchTableException.class);
    }
  }

  @Test
  void aPrincipalWithLessThanTheWholeTableIsSentToTheClient() throws IOException {
    try (MeshCatalog finance = asFinance()) {
      assertThat(finance.listTables(MOBILITY)).containsExactly(TABLE);
      assertThatThrownBy(() -> finance.loadTable(TABLE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("finance/spark")
          .hasMessageContaining("MeshClient")
          .hasMessageContaining("Lake Formation");
      assertThatThrownBy(() -> finance.loadTable(QUARANTINE))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(
              () ->
                  finance.loadTable(
                      TableIdentifier.of(Namespace.of("mobility", "green_trips_v1"), "files")))
          .as("metadata tables show values as bounds")
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void whatIsGrantedAsAWholeIsOpenedAndWhatIsGrantedInPartIsNot() throws IOException {
    Principal spark = Principal.of("finance", "spark");
    try (MeshCatalog finance = asFinance()) {
      fixture.owner.grant(PRODUCT).columns("id").to(spark).because("Counts").commit();
      assertThatThrownBy(() -> finance.loadTable(TABLE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("only some columns")
          .hasMessageContaining("MeshClient");

      fixture.owner.revoke(fixture.owner.access().grants().get(0).id()).commit();
      fixture.owner.grant(PRODUCT).to(spark).because("Revenue").commit();
      assertThat(finance.loadTable(TABLE).name()).isEqualTo("mesh.mobility.green_trips_v1");
      assertThatThrownBy(() -> finance.loadTable(QUARANTINE))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void anOpenProductIsReadByOthersAndItsQuarantineIsNot() throws IOException {
    fixture
        .owner
        .defineProduct("mobility/open")
        .contract(EngineFixture.COLUMNS)
        .openToMesh()
        .commit();
    try (MeshCatalog finance = asFinance()) {
      assertThat(finance.loadTable(TableIdentifier.of("mobility", "open_v1")).name())
          .isEqualTo("mesh.mobility.open_v1");
      assertThatThrownBy(
              () -> finance.loadTable(TableIdentifier.of("mobility", "open_v1_quarantine")))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void anEngineThatOpensOrRefreshesATableIsAReaderOfAllColumns() throws IOException {
    fixture.owner.grant(PRODUCT).to(Principal.of("finance", "spark")).because("Revenue").commit();
    catalog.loadTable(TABLE);
    assertThat(fixture.owner.consumers(PRODUCT)).as("the owner is not a consumer").isEmpty();

    try (MeshCatalog finance = asFinance()) {
      finance.loadTable(TABLE).refresh();
    }

    assertThat(fixture.owner.consumers(PRODUCT))
        .singleElement()
        .satisfies(
            reader -> {
              assertThat(reader.kind()).isEqualTo(ProductConsumer.Kind.READER);
              assertThat(reader.name()).isEqualTo("finance");
              assertThat(reader.lastUsedBy()).contains(Principal.of("finance", "spark"));
              assertThat(reader.columns()).as("all").isEmpty();
              assertThat(reader.access())
                  .extracting(ProductConsumer.AccessPath::kind)
                  .containsExactly(ProductConsumer.AccessPath.Kind.GRANT);
            });
  }

  @Test
  void onlyTheClientCreatesAndDropsTablesAndNamespaces() {
    TableIdentifier other = TableIdentifier.of("mobility", "other_v1");
    Schema schema = catalog.loadTable(TABLE).schema();

    assertThatThrownBy(() -> catalog.createTable(other, schema))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("MeshClient.defineProduct");
    assertThatThrownBy(() -> catalog.newReplaceTableTransaction(TABLE, schema, true))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("MeshClient.defineProduct");
    assertThatThrownBy(() -> catalog.dropTable(TABLE, true))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("retire");
    assertThatThrownBy(() -> catalog.renameTable(TABLE, other))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("endProduct(..).successor(..)");
    assertThatThrownBy(() -> catalog.registerTable(other, "/tmp/metadata.json"))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("MeshClient.publish");
    assertThatThrownBy(() -> catalog.registerTable(TABLE, "/tmp/metadata.json", true))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> catalog.createNamespace(Namespace.of("finance")))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("MeshClient.registerDomain");
    assertThatThrownBy(() -> catalog.dropNamespace(MOBILITY))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> catalog.setProperties(MOBILITY, Map.of("owner", "me")))
        .isInstanceOf(ForbiddenException.class);
    assertThat(fixture.owner.describe(PRODUCT).name()).hasToString(PRODUCT);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void icebergOpensItByNameAndConfigurationAlone() throws IOException {
    Catalog loaded =
        CatalogUtil.loadCatalog(
            MeshCatalog.class.getName(),
            "lake",
            Map.of("warehouse", "file:" + fixture.folder, MeshCatalog.PRINCIPAL, "mobility/spark"),
            null);
    try (MeshCatalog mesh = (MeshCatalog) loaded) {
      assertThat(mesh.name()).isEqualTo("lake");
      assertThat(mesh.loadTable(TABLE).schema().columns()).hasSize(3);
    }
  }

  @Test
  void anIncompleteConfigurationIsReportedWithTheMissingProperty() {
    Map<String, String> complete =
        Map.of("warehouse", fixture.folder.toString(), MeshCatalog.PRINCIPAL, "mobility/spark");
    for (String key : complete.keySet()) {
      Map<String, String> without = new java.util.HashMap<>(complete);
      without.remove(key);
      assertThatThrownBy(() -> new MeshCatalog().initialize("mesh", without))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(key);
    }
    for (Map.Entry<String, String> wrong :
        Map.of("warehouse", "s3://bucket/mesh", MeshCatalog.PRINCIPAL, "mobility").entrySet()) {
      Map<String, String> properties = new java.util.HashMap<>(complete);
      properties.put(wrong.getKey(), wrong.getValue());
      assertThatThrownBy(() -> new MeshCatalog().initialize("mesh", properties))
          .isInstanceOf(InvalidRequestException.class);
    }
    Map<String, String> empty = new java.util.HashMap<>(complete);
    empty.put("warehouse", folder.resolve("empty").toString());
    assertThatThrownBy(() -> new MeshCatalog().initialize("mesh", empty))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("it is not a mesh");
    assertThat(folder.resolve("empty")).doesNotExist();
  }

  @Test
  void aClosedCatalogReportsThatItIsClosed() throws IOException {
    MeshCatalog closed = fixture.catalog("mobility/spark");
    var table = closed.loadTable(TABLE);
    closed.close();

    assertThatThrownBy(() -> closed.loadTable(TABLE)).hasMessageContaining("closed");
    assertThatThrownBy(table::refresh).hasMessageContaining("closed");
  }
}
