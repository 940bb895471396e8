/** What the mirrors share: clients of roles, requests as JSON, and tables as Glue has them. */
@NullMarked
package io.meshwork.aws.internal.mirror.glue;

import org.jspecify.annotations.NullMarked;
