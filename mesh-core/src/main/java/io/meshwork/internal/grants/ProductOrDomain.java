package io.meshwork.internal.grants;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.product.ProductName;
import java.util.Map;
import java.util.Optional;

/**
 * A product, or a whole domain. Immutable.
 *
 * @param product the product; empty for the domain
 */
record ProductOrDomain(String domain, Optional<ProductName> product) {
  static ProductOrDomain of(CharSequence productOrDomain) {
    String text = productOrDomain.toString();
    if (text.indexOf('/') < 0) {
      return new ProductOrDomain(NameGrammar.check("domain", text), Optional.empty());
    }
    return of(ProductName.of(text));
  }

  static ProductOrDomain of(ProductName product) {
    return new ProductOrDomain(product.domain(), Optional.of(product));
  }

  String name() {
    return product.map(ProductName::toString).orElse(domain);
  }

  String partition() {
    return product.map(RegistryKeys::partition).orElseGet(() -> RegistryKeys.partition(domain));
  }

  Map<VersionedDocument, StoredAuthorization> authorizations(RightsDocuments documents) {
    return product.isPresent()
        ? documents.authorizations(product.get())
        : documents.authorizations(domain);
  }
}
