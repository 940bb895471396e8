package io.meshwork.internal.change;

import io.meshwork.change.AmendContract;
import io.meshwork.change.DefineProduct;
import io.meshwork.change.RegisterDomain;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the operations on domains, products, and contracts for a session. */
public final class ChangeOperations {
  private ChangeOperations() {}

  public static RegisterDomain registerDomain(ClientSession session, @Nullable String name) {
    return new DomainRegistration(session, NameGrammar.check("domain", name));
  }

  /** Admits a domain as a guest of a catalog. */
  public static Operation<List<String>> admit(
      ClientSession session, @Nullable String domain, @Nullable String catalog) {
    return new GuestAdmission(
        session,
        NameGrammar.check("domain", domain),
        NameGrammar.storage(NameGrammar.check("catalog", catalog)));
  }

  public static DefineProduct defineProduct(ClientSession session, @Nullable CharSequence product) {
    return new ProductDefinition(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.DEFINE)));
  }

  /** Amends the contract of a product. */
  public static AmendContract amendContract(ClientSession session, @Nullable CharSequence product) {
    return new ContractAmendment(
        session,
        ResolvedProduct.forProducer(
            session, product, MeshAction.of(Verb.AMEND, "the contract of")));
  }
}
