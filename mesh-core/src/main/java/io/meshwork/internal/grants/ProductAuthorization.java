package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.Authorize;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import org.jspecify.annotations.Nullable;

/** Gives or amends an authorization for a product, or some columns and rows of it. */
final class ProductAuthorization extends AuthorizationChange<Authorize.ByName>
    implements Authorize.ByName {
  private ProductAuthorization(ClientSession session, ProductOrDomain product) {
    super(session, product, null);
  }

  static ProductAuthorization of(ClientSession session, @Nullable CharSequence product) {
    ResolvedProduct.rejectLink(session, product, MeshAction.of(Verb.AUTHORIZE, "grants of"));
    return new ProductAuthorization(session, ProductOrDomain.of(ProductName.of(product)));
  }

  @Override
  Authorize.ByName self() {
    return this;
  }

  @Override
  public Authorize.ByName request(String id) {
    limitToRequest(id);
    return this;
  }

  @Override
  public Authorize.ByName columns(String... names) {
    limitColumns(columns -> columns.only(names));
    return this;
  }

  @Override
  public Authorize.ByName exceptColumns(String... names) {
    limitColumns(columns -> columns.except(names));
    return this;
  }

  @Override
  public Authorize.ByName rows(String filter) {
    limitRows(filter);
    return this;
  }
}
