package io.meshwork.internal.grants;

import io.meshwork.card.ProductCard;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.card.ProductDescriptions;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Closes a product that is open to the mesh. Grants stay. */
final class ProductClosing extends RightsOperation<ProductCard> {
  private final ProductName product;

  private ProductClosing(ClientSession session, ProductName product) {
    super(session, MeshAction.of(Verb.CLOSE, product + " to the mesh"));
    this.product = product;
  }

  static ProductClosing of(ClientSession session, @Nullable CharSequence product) {
    return new ProductClosing(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.CLOSE)));
  }

  @Override
  protected ChangeSet<ProductCard> propose(RightsDocuments documents, Instant now) {
    DomainEntry domain = session().authorizer().requireAdministrator(product.domain(), action());
    ChangeSet.Policy policy =
        new ChangeSet.Policy(product.domain(), documents.policy(product.domain()));
    ProductEntry entry = documents.requireProduct(product, action());
    boolean isOpen = entry.openToMesh();
    return new ChangeSet<>(
        new ChangeSet.Entry(
            RegistryKeys.partition(product),
            MeshEvent.Type.PRODUCT_CLOSED.text(),
            product.toString(),
            new EventDetails.NoDetails()),
        policy,
        isOpen
            ? List.of(
                new ChangeSet.Write(
                    RegistryKeys.product(product),
                    Optional.of(entry.stored()),
                    Optional.of(entry.withOpenToMesh(false))))
            : List.of(),
        List.of(domain.stored()),
        isOpen
            ? List.of(
                new Step(
                    "close",
                    product.toString(),
                    "other domains read only what is granted to them",
                    "defineProduct(..).openToMesh()"))
            : List.of(),
        isOpen ? List.of() : List.of(notOpen()),
        AffectedResources.of(product),
        ProductDescriptions.withOpenToMesh(ProductDescriptions.of(session(), entry), false));
  }

  private Finding notOpen() {
    return new Finding(
        FindingCode.NOTHING_TO_REMOVE,
        Finding.Severity.NOTE,
        product.toString(),
        "is not open to the mesh: nothing to close",
        0,
        List.of(),
        "access().whoCanRead(\"" + product + "\") lists who reads it.");
  }
}
