package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Domain;

/** Delivers notices in the words of the terminal, and prints why a delivery fails. */
record TerminalNotifier(Notifier receiver, CommandShell shell) implements Notifier {
  @Override
  public void deliver(Notice notice) {
    printFailure(() -> receiver.deliver(new TerminalNotice(notice)));
  }

  @Override
  public boolean deliversEvents() {
    return receiver.deliversEvents();
  }

  @Override
  public void deliver(MeshEvent event, Domain owner) {
    printFailure(() -> receiver.deliver(event, owner));
  }

  private void printFailure(Runnable delivery) {
    try {
      delivery.run();
    } catch (MeshException e) {
      shell.complain(TerminalText.of(String.valueOf(e.getMessage())));
      throw e;
    }
  }
}
