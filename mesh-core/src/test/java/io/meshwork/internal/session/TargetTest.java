package io.meshwork.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.change.DefineProduct;
import io.meshwork.change.RegisterDomain;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.sharing.LinkResource;
import io.meshwork.sharing.Unlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final ProductName CARDS = ProductName.of("commerce/gift-cards");

  /** A row. */
  record Row(long id) {}

  @TempDir private Path folder;
  private final TestMesh mesh = new TestMesh();

  @BeforeEach
  void define() {
    for (String domain : List.of("commerce", "finance", "growth-team")) {
      RegisterDomain.of(as(domain), domain).ownedBy(domain + "@example.org").commit();
    }
    for (ProductName product : List.of(ORDERS, CARDS)) {
      DefineProduct.of(as("commerce"), product).contract(Contract.of(Row.class)).commit();
    }
  }

  private Session as(String account) {
    LocalFileIO files = new LocalFileIO();
    return new Session(
        Principal.of(account, "etl"),
        mesh.ledger,
        new Catalog(mesh.ledger),
        new MeshTables(mesh.ledger, files, folder.toString()),
        files,
        UnaryOperator.identity(),
        mesh.runtime,
        Optional::empty);
  }

  private boolean linked(String consumer, ProductName product) {
    return new Catalog(mesh.ledger).linked(consumer, product);
  }

  @Test
  void aNameMeansAProductWithTheMajorThatItsLinkKeeps() {
    LinkResource.of(as("finance"), ORDERS).into("db").commit();
    LinkResource.of(as("finance"), CARDS).into("db").followingRollouts().commit();
    LinkResource.of(as("finance"), "commerce").into("shop").commit();

    assertThat(Target.consumed(as("finance"), "commerce/orders", "read"))
        .isEqualTo(new Target(ORDERS, Optional.empty()));
    assertThat(Target.consumed(as("finance"), "db.orders", "read"))
        .isEqualTo(new Target(ORDERS, Optional.of(1)));
    assertThat(Target.consumed(as("finance"), "db.gift_cards", "read"))
        .isEqualTo(new Target(CARDS, Optional.empty()));
    assertThat(Target.consumed(as("finance"), "shop.gift_cards", "read"))
        .isEqualTo(new Target(CARDS, Optional.empty()));
    assertThatThrownBy(() -> Target.consumed(as("finance"), "shop.1", "read"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> Target.consumed(as("growth-team"), "db.orders", "read"))
        .isInstanceOf(NotFoundException.class);
    assertThat(Target.produced(as("commerce"), "commerce/orders", "publish to")).isEqualTo(ORDERS);
    assertThatThrownBy(() -> Target.produced(as("finance"), "shop.orders", "publish to"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("publish to shop.orders")
        .hasMessageContaining("stands for commerce/orders, ");
    for (CharSequence none : new CharSequence[] {null, "", "orders"}) {
      assertThatThrownBy(() -> Target.consumed(as("finance"), none, "read"))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void aProductIsLinkedByALinkOfItsOwnOrOfItsDomain() {
    assertThat(linked("finance", ORDERS)).isFalse();
    LinkResource.of(as("finance"), ORDERS).into("db").commit();
    LinkResource.of(as("growth-team"), "commerce").into("shop").commit();

    assertThat(linked("finance", ORDERS)).isTrue();
    assertThat(linked("finance", CARDS)).isFalse();
    assertThat(linked("growth-team", ORDERS)).isTrue();
    assertThat(linked("growth-team", CARDS)).isTrue();
    assertThat(linked("commerce", ORDERS)).isFalse();
    Unlink.of(as("finance"), "db.orders").commit();
    assertThat(linked("finance", ORDERS)).isFalse();
  }
}
