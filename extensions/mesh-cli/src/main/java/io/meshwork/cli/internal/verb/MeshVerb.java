package io.meshwork.cli.internal.verb;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.InterruptedChange;
import io.meshwork.cli.internal.shell.ShellWord;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A verb of the command {@code mesh}. A subclass answers; this class finds the mesh and prints. */
public abstract class MeshVerb implements Callable<Integer> {
  protected static final String NOTHING_CHANGED = "Nothing was changed. Run it again.";

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli prints the help
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;

  /** Answers without a mesh, or with several; most verbs answer with one client. */
  protected VerbAnswer answer() {
    MeshLocation location = location();
    Optional<CommitDelivery> delivery =
        isChange() && !isTried() ? CommitDelivery.of(shell().variables()) : Optional.empty();
    try (Mesh mesh = delivery.map(each -> each.open(location)).orElseGet(location::open)) {
      try {
        return answer(
            isChange() || needsIdentity()
                ? location.acting(mesh, principal())
                : location.asking(mesh, principal()),
            mesh);
      } finally {
        delivery.ifPresent(CommitDelivery::end);
      }
    }
  }

  /** Answers with an open mesh. */
  protected VerbAnswer answer(MeshClient client, Mesh mesh) {
    return answer(client);
  }

  protected VerbAnswer answer(MeshClient client) {
    throw new IllegalStateException("a verb answers in one of three ways");
  }

  /** True if the verb changes the mesh, so that it needs an identity, and fails as JSON too. */
  public boolean isChange() {
    return false;
  }

  /** True if standard output has rows alone, so that the answer is on standard error. */
  public boolean hasRowsOnOutput() {
    return false;
  }

  /** Returns the shell to which the answer is printed, which is that of the error if it failed. */
  public final CommandShell answers() {
    return hasRowsOnOutput() ? shell().withRowsOnOutput() : shell();
  }

  /** True if the answer depends on who acts, so that a default would mislead. */
  protected boolean needsIdentity() {
    return false;
  }

  @Override
  public final Integer call() {
    VerbAnswer answer =
        InterruptedChange.reportedTo(
            shell(), spec.qualifiedName(), this::whenStopped, this::answer);
    if (hasRowsOnOutput() && shell().readerEnded()) {
      return answer.exitCode();
    }
    answers().print(answer, root().asJson());
    if (!shell().out().checkError()) {
      afterwards(answer);
    }
    return answer.exitCode();
  }

  /** Returns what was and was not done if the process is stopped now, and how to go on. */
  public final String whenStopped() {
    return isTried() ? NOTHING_CHANGED : interruption();
  }

  /** Returns the same of a verb that does what it is for. */
  protected String interruption() {
    if (!isChange()) {
      return NOTHING_CHANGED;
    }
    Optional<String> key =
        Optional.ofNullable(spec.findOption("--key"))
            .map(option -> option.<Object>getValue())
            .map(Object::toString);
    if (key.isPresent()) {
      return "The change was made completely or not at all. Run the same command again: with --key "
          + ShellWord.of(key.get())
          + ", it is made once.";
    }
    return "The change was made completely or not at all. '"
        + listing()
        + "' lists it if it was made. Otherwise, run it again"
        + (spec.findOption("--key") == null ? "." : "; with --key KEY, it is made once.");
  }

  /** Returns the command that lists the change if it was made. */
  protected String listing() {
    return "mesh audit"
        + principal().map(who -> " --by " + ShellWord.of(who.toString())).orElse("");
  }

  /** True if an option asks what the verb would do, instead of doing it. */
  private boolean isTried() {
    return Stream.of("--plan", "--verify")
        .map(spec::findOption)
        .anyMatch(option -> option != null && Boolean.TRUE.equals(option.getValue()));
  }

  /**
   * Returns what a person can do about a failure in addition to what its message says, in
   * sentences.
   */
  public List<String> adviceOn(MeshException error) {
    return List.of();
  }

  /** Says on standard error what is true once the answer was printed. */
  protected void afterwards(VerbAnswer answer) {}

  protected final MeshRoot root() {
    return (MeshRoot) spec.root().userObject();
  }

  protected final CommandShell shell() {
    return root().shell();
  }

  /** Returns the width of the terminal, in characters; 0 if the output is not watched. */
  protected final int width() {
    return shell().terminal() ? spec.usageMessage().width() : 0;
  }

  /**
   * Returns the mesh of {@code --mesh}, of {@code MESH_URL} or {@code MESH}, or the stored one.
   *
   * @throws UsageException if there is none
   */
  protected final MeshLocation location() {
    Optional<String> named =
        root().mesh().or(() -> variable("MESH_URL")).or(() -> variable("MESH"));
    String address =
        named
            .or(() -> savedDefaults().mesh())
            .orElseThrow(
                () ->
                    new UsageException(
                        "Which mesh? Add --mesh FOLDER or --mesh aws:REGION/ACCOUNT/NAME; or set"
                            + " MESH_URL; or keep it with: mesh use FOLDER"));
    Map<String, Path> folders = root().readingFrom();
    return MeshLocation.parse(address)
        .readingFrom(folders.isEmpty() && named.isEmpty() ? savedDefaults().folders() : folders);
  }

  /** Returns who acts: {@code --as}, {@code MESH_AS}, or what is stored. */
  protected final Optional<Principal> principal() {
    return root()
        .actingAs()
        .or(() -> variable("MESH_AS"))
        .or(() -> savedDefaults().principal())
        .map(MeshVerb::principal);
  }

  protected static Principal principal(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new UsageException("A principal is ACCOUNT/ROLE, such as commerce/etl, not " + text);
    }
    return Principal.of(text.substring(0, slash), text.substring(slash + 1));
  }

  private DefaultMesh savedDefaults() {
    return DefaultMesh.read(shell().variables());
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(shell().variables().get(name)).filter(text -> !text.isEmpty());
  }
}
