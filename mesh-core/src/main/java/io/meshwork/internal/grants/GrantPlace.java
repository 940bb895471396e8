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
 * A product, or a domain as a whole.
 *
 * @param product empty for the domain
 */
record GrantPlace(String domain, Optional<ProductName> product) {
  static GrantPlace of(CharSequence productOrDomain) {
    String text = productOrDomain.toString();
    if (text.indexOf('/') < 0) {
      return new GrantPlace(NameGrammar.check("domain", text), Optional.empty());
    }
    ProductName product = ProductName.of(text);
    return new GrantPlace(product.domain(), Optional.of(product));
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
