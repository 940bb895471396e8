package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subscribes the caller's domain to a product. */
@Command(
    name = "subscribe",
    description = "Subscribes your domain to a product, or amends a subscription.")
public final class SubscribeVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "The name of the subscription, unique in your domain")
  private String name;

  @Option(
      names = "--for",
      paramLabel = "PURPOSE",
      description = "Why you read it; required for a new subscription")
  private @Nullable String purpose;

  @Option(
      names = "--contact",
      paramLabel = "CONTACT",
      description = "Who gets notices. Default: the owner of your domain")
  private @Nullable String contact;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN,…",
      description = "These columns only. Default: all")
  private @Nullable List<String> columns;

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      description = "These rows only, such as \"country = 'DE'\". Default: all")
  private @Nullable FilterText where;

  @Option(names = "--from-now", description = "Begins with what is published from now on")
  private boolean fromNow;

  @Option(names = "--following", description = "Follows the product to each new major version")
  private boolean following;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "Reads major version N. Default: the subscription's, or the current one")
  private @Nullable Integer major;

  @Option(
      names = "--allow-deprecated",
      paramLabel = "REASON",
      description = "Why you read a version that will be retired")
  private @Nullable String allowDeprecated;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Subscribe<GenericRecord> subscribe = client.subscribe(product).name(name);
    if (purpose != null) {
      subscribe = subscribe.purpose(purpose);
    }
    if (contact != null) {
      subscribe = subscribe.contact(contact);
    }
    if (columns != null) {
      subscribe = subscribe.columns(OptionTexts.elements(columns));
    }
    if (where != null) {
      subscribe = subscribe.where(where.text());
    }
    if (fromNow) {
      subscribe = subscribe.fromNow();
    }
    if (following) {
      subscribe = subscribe.followRollouts();
    }
    if (major != null) {
      subscribe = subscribe.majorVersion(major);
    }
    if (allowDeprecated != null) {
      subscribe = subscribe.allowDeprecated().because(allowDeprecated);
    }
    Subscription<GenericRecord> subscription = subscribe.commit();
    return VerbAnswer.change(
        VerbAnswer.newDocument("subscribed")
            .put("subscription", subscription.product() + "/" + subscription.name())
            .put("product", subscription.product().toString())
            .put("domain", subscription.domain())
            .put("major", subscription.major())
            .put("purpose", subscription.purpose())
            .put("contact", subscription.contact()),
        subscription.domain() + " is subscribed to " + subscription.product() + ".");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
