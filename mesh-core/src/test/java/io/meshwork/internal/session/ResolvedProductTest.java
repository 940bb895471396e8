package io.meshwork.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.internal.links.CatalogLinks;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvedProductTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final ProductName CARDS = ProductName.of("commerce/gift-cards");

  /** A row. */
  record Row(long id) {}

  @TempDir private Path folder;
  private final TestMesh mesh = new TestMesh();

  @BeforeEach
  void define() {
    for (String domain : List.of("commerce", "finance", "growth-team")) {
      ChangeOperations.registerDomain(as(domain), domain).owner(domain + "@example.org").commit();
    }
    for (ProductName product : List.of(ORDERS, CARDS)) {
      ChangeOperations.defineProduct(as("commerce"), product)
          .contract(Contract.of(Row.class))
          .commit();
    }
  }

  private ClientSession as(String account) {
    LocalFileIO files = new LocalFileIO();
    return new ClientSession(
        Principal.of(account, "etl"),
        mesh.ledger,
        new Catalog(mesh.ledger),
        new MeshTables(
            mesh.ledger, files, new DataPlaces(new Catalog(mesh.ledger), folder.toString())),
        files,
        UnaryOperator.identity(),
        mesh.runtime,
        Optional::empty);
  }

  private boolean linked(String consumer, ProductName product) {
    return new Catalog(mesh.ledger).hasLinkTo(consumer, product);
  }

  @Test
  void aNameIsResolvedToItsProductAndTheMajorOfTheLink() {
    CatalogLinks.link(as("finance"), ORDERS).database("db").commit();
    CatalogLinks.link(as("finance"), CARDS).database("db").followRollouts().commit();
    CatalogLinks.linkDomain(as("finance"), "commerce", "shop").commit();

    assertThat(
            ResolvedProduct.forConsumer(as("finance"), "commerce/orders", MeshAction.of(Verb.READ)))
        .isEqualTo(new ResolvedProduct(ORDERS, Optional.empty()));
    assertThat(ResolvedProduct.forConsumer(as("finance"), "db.orders", MeshAction.of(Verb.READ)))
        .isEqualTo(new ResolvedProduct(ORDERS, Optional.of(1)));
    assertThat(
            ResolvedProduct.forConsumer(as("finance"), "db.gift_cards", MeshAction.of(Verb.READ)))
        .isEqualTo(new ResolvedProduct(CARDS, Optional.empty()));
    assertThat(
            ResolvedProduct.forConsumer(as("finance"), "shop.gift_cards", MeshAction.of(Verb.READ)))
        .isEqualTo(new ResolvedProduct(CARDS, Optional.empty()));
    assertThatThrownBy(
            () -> ResolvedProduct.forConsumer(as("finance"), "shop.1", MeshAction.of(Verb.READ)))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () ->
                ResolvedProduct.forConsumer(
                    as("growth-team"), "db.orders", MeshAction.of(Verb.READ)))
        .isInstanceOf(NotFoundException.class);
    assertThat(
            ResolvedProduct.forProducer(
                as("commerce"), "commerce/orders", MeshAction.of(Verb.PUBLISH)))
        .isEqualTo(ORDERS);
    assertThatThrownBy(
            () ->
                ResolvedProduct.forProducer(
                    as("finance"), "shop.orders", MeshAction.of(Verb.PUBLISH)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("publish to shop.orders")
        .hasMessageContaining("points to commerce/orders, ");
    for (CharSequence none : new CharSequence[] {null, "", "orders"}) {
      assertThatThrownBy(
              () -> ResolvedProduct.forConsumer(as("finance"), none, MeshAction.of(Verb.READ)))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void aProductIsLinkedByItsOwnLinkOrThatOfItsDomain() {
    assertThat(linked("finance", ORDERS)).isFalse();
    CatalogLinks.link(as("finance"), ORDERS).database("db").commit();
    CatalogLinks.linkDomain(as("growth-team"), "commerce", "shop").commit();

    assertThat(linked("finance", ORDERS)).isTrue();
    assertThat(linked("finance", CARDS)).isFalse();
    assertThat(linked("growth-team", ORDERS)).isTrue();
    assertThat(linked("growth-team", CARDS)).isTrue();
    assertThat(linked("commerce", ORDERS)).isFalse();
    CatalogLinks.unlink(as("finance"), "db.orders").commit();
    assertThat(linked("finance", ORDERS)).isFalse();
  }
}
