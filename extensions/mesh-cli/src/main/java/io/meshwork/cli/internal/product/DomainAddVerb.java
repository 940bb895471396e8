package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.change.RegisterDomain;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers a domain, or changes one. */
@Command(name = "add", description = "Registers a domain, or changes what the options name.")
final class DomainAddVerb extends MeshVerb {
  @Parameters(paramLabel = "DOMAIN")
  private String domain;

  @Option(names = "--owner", paramLabel = "CONTACT", description = "Who answers for its products")
  private @Nullable String owner;

  @Option(names = "--steward", paramLabel = "CONTACT", description = "Who decides on access")
  private @Nullable String steward;

  @Option(names = "--description", paramLabel = "TEXT", description = "What the domain is")
  private @Nullable String description;

  @Option(
      names = "--accounts",
      paramLabel = "ACCOUNT,…",
      description = "The accounts that act for it")
  private @Nullable List<String> accounts;

  @Option(
      names = "--administrators",
      paramLabel = "ACCOUNT/ROLE,…",
      description = "Who changes the domain and grants access")
  private @Nullable List<String> administrators;

  @Option(
      names = "--deciders",
      paramLabel = "ACCOUNT/ROLE,…",
      description = "Who decides on requests, and on less protection")
  private @Nullable List<String> deciders;

  @Option(
      names = "--location",
      paramLabel = "PLACE",
      description = "Where it keeps new data: a folder, or a location on S3")
  private @Nullable String location;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    RegisterDomain register = client.registerDomain(domain);
    if (owner != null) {
      register.owner(owner);
    }
    if (steward != null) {
      register.steward(steward);
    }
    if (description != null) {
      register.description(description);
    }
    if (accounts != null) {
      register.accounts(OptionTexts.elements(accounts));
    }
    if (administrators != null) {
      register.administrators(principals(administrators));
    }
    if (deciders != null) {
      register.deciders(principals(deciders));
    }
    if (location != null) {
      register.location(location);
    }
    Domain registered = register.commit();
    return VerbAnswer.change(
        VerbAnswer.newDocument("registered")
            .put("domain", registered.name())
            .put("owner", registered.owner())
            .set("accounts", JsonFields.array(registered.accounts())),
        "The domain " + registered.name() + " is registered, owned by " + registered.owner() + ".");
  }

  private static Principal[] principals(List<String> texts) {
    return Stream.of(OptionTexts.elements(texts))
        .map(MeshVerb::principal)
        .toArray(Principal[]::new);
  }

  @Override
  protected String listing() {
    return "mesh domain show " + domain;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
