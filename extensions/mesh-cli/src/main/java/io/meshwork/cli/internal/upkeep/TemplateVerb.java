package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.MeshOpener.AccountFiles;
import io.meshwork.cli.MeshOpener.AccountRequest;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what an account needs for a mesh on AWS. */
@Command(
    name = "template",
    description = {
      "Writes all that an AWS account needs for a mesh, as infrastructure code.",
      "Sends no request; the mesh need not exist."
    })
public final class TemplateVerb extends MeshVerb {
  @Parameters(
      paramLabel = "FORM",
      description = "cloudformation, terraform around the same templates, or policies alone")
  private String form;

  @Option(
      names = "--account",
      required = true,
      paramLabel = "ACCOUNT",
      description = "The account, 12 digits")
  private String account;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      description = "The domain of the kinds that name none")
  private @Nullable String domain;

  @Option(
      names = "--role",
      paramLabel = "NAME=KIND",
      description = {
        "A role and what it does: producer, tasks, steward, maintenance, consumer, executor,",
        "governance, backup, or reader; several with commas, of another domain as",
        "KIND:DOMAIN; repeatable"
      })
  private Map<String, String> roles = new TreeMap<>();

  @Option(
      names = "--trust",
      paramLabel = "NAME=WHO",
      description = {
        "Who may assume a role: a service such as glue.amazonaws.com, the ARN of a role, or",
        "an account; several with commas; repeatable. Default: the account of the role"
      })
  private Map<String, String> trusted = new TreeMap<>();

  @Option(
      names = "--deployed-by",
      split = ",",
      paramLabel = "WHO",
      description = "Who may assume mesh-deployer. Default: the account of the mesh")
  private List<String> deployers = new ArrayList<>();

  @Option(
      names = "--notices",
      arity = "0..1",
      fallbackValue = "",
      split = ",",
      paramLabel = "ACCOUNT",
      description = {
        "Adds an event bus and a queue for notices, which these accounts send; several with",
        "commas. Not needed for accounts of the organization that the address names"
      })
  private @Nullable List<String> senders;

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "Where to write. Default: the current folder")
  private Path folder;

  @Override
  protected VerbAnswer answer() {
    AccountFiles printed =
        location()
            .accountFiles(
                new AccountRequest(
                    form,
                    account,
                    Optional.ofNullable(domain),
                    lists(roles),
                    lists(trusted),
                    deployers,
                    Optional.ofNullable(senders)
                        .map(all -> all.stream().filter(each -> !each.isEmpty()).toList())));
    List<String> written = new ArrayList<>();
    printed
        .files()
        .forEach(
            (name, text) -> {
              Path file = folder.resolve(name);
              makeFolder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
              AtomicFile.writeText(file, text);
              written.add(file.toString());
            });
    ObjectNode document = VerbAnswer.newDocument("written").put("account", account);
    document.set("files", JsonFields.array(written));
    document.set("steps", JsonFields.array(printed.steps()));
    List<String> lines = new ArrayList<>();
    lines.add(Count.of(written.size(), "file") + " for " + account + " in " + folder + ".");
    lines.addAll(printed.steps());
    return VerbAnswer.change(document, lines.toArray(String[]::new));
  }

  private static Map<String, List<String>> lists(Map<String, String> values) {
    Map<String, List<String>> lists = new TreeMap<>();
    values.forEach((name, value) -> lists.put(name, Arrays.asList(value.split(",", -1))));
    return lists;
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw AtomicFile.unwritable(folder, e, "The files were not written completely.");
    }
  }

  @Override
  protected String interruption() {
    return folder + " may have a part of the files. Run it again: it writes all.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
