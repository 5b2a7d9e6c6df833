package io.ringline.router.subject;

import java.util.List;

/**
 * The subjects of the graph domain, ready-made: what happens to a graph, its nodes, its edges and its subgraphs, and to a
 * workflow. {@code {id}} is the graph's or the workflow's, {@code {sid}} the subgraph's.
 */
public enum GraphSubject {
    /** A graph came to be. */
    GRAPH_CREATED("event.graph.{id}.created"),
    /** A graph is gone. */
    GRAPH_DELETED("event.graph.{id}.deleted"),
    /** A graph has another name. */
    GRAPH_RENAMED("event.graph.{id}.renamed"),
    /** A graph has one more tag. */
    GRAPH_TAGGED("event.graph.{id}.tagged"),
    /** A graph has one tag less. */
    GRAPH_UNTAGGED("event.graph.{id}.untagged"),
    /** Something else of a graph itself has changed. */
    GRAPH_UPDATED("event.graph.{id}.updated"),
    /** An import into a graph was asked for. */
    GRAPH_IMPORT_REQUESTED("event.graph.{id}.import_requested"),
    /** An import into a graph is done. */
    GRAPH_IMPORT_COMPLETED("event.graph.{id}.import_completed"),
    /** An import into a graph did not work. */
    GRAPH_IMPORT_FAILED("event.graph.{id}.import_failed"),

    /** A graph has one more node. */
    NODE_ADDED("event.graph.{id}.node.added"),
    /** A graph has one node less. */
    NODE_REMOVED("event.graph.{id}.node.removed"),
    /** Something else of a node has changed. */
    NODE_UPDATED("event.graph.{id}.node.updated"),
    /** A node is at another place. */
    NODE_MOVED("event.graph.{id}.node.moved"),
    /** A node has another content. */
    NODE_CONTENT_CHANGED("event.graph.{id}.node.content_changed"),

    /** Two nodes have one more edge. */
    EDGE_CONNECTED("event.graph.{id}.edge.connected"),
    /** An edge is gone. */
    EDGE_REMOVED("event.graph.{id}.edge.removed"),
    /** Something else of an edge has changed. */
    EDGE_UPDATED("event.graph.{id}.edge.updated"),
    /** An edge goes the other way. */
    EDGE_REVERSED("event.graph.{id}.edge.reversed"),

    /** A graph has one more subgraph. */
    SUBGRAPH_CREATED("event.graph.{id}.subgraph.{sid}.created"),
    /** A subgraph is gone. */
    SUBGRAPH_REMOVED("event.graph.{id}.subgraph.{sid}.removed"),
    /** A subgraph is at another place. */
    SUBGRAPH_MOVED("event.graph.{id}.subgraph.{sid}.moved"),
    /** A subgraph holds one more node. */
    SUBGRAPH_NODE_ADDED("event.graph.{id}.subgraph.{sid}.node_added"),
    /** A subgraph holds one node less. */
    SUBGRAPH_NODE_REMOVED("event.graph.{id}.subgraph.{sid}.node_removed"),

    /** A workflow came to be. */
    WORKFLOW_CREATED("event.workflow.{id}.created"),
    /** A workflow has one more step. */
    WORKFLOW_STEP_ADDED("event.workflow.{id}.step_added"),
    /** One step of a workflow leads to another. */
    WORKFLOW_STEPS_CONNECTED("event.workflow.{id}.steps_connected"),
    /** A workflow was found to be sound. */
    WORKFLOW_VALIDATED("event.workflow.{id}.validated"),
    /** A workflow has begun. */
    WORKFLOW_STARTED("event.workflow.{id}.started"),
    /** A step of a workflow is done. */
    WORKFLOW_STEP_COMPLETED("event.workflow.{id}.step_completed"),
    /** A workflow waits. */
    WORKFLOW_PAUSED("event.workflow.{id}.paused"),
    /** A workflow goes on. */
    WORKFLOW_RESUMED("event.workflow.{id}.resumed"),
    /** A workflow is done. */
    WORKFLOW_COMPLETED("event.workflow.{id}.completed"),
    /** A workflow did not work. */
    WORKFLOW_FAILED("event.workflow.{id}.failed");

    /** All of them, in their order. */
    public static final List<GraphSubject> ALL = List.of(values());

    /** Whose order is kept: the graph's, whatever of it an event is about, or the workflow's; both stand in token 3. */
    public static final AggregateRules AGGREGATES =
            AggregateRules.NONE.and("event.graph.*.>", 3).and("event.workflow.*.>", 3);

    @SuppressWarnings("ImmutableEnumChecker") // it is; what it holds is never written to
    private final SubjectTemplate template;

    GraphSubject(final String template) {
        this.template = new SubjectTemplate(template);
    }

    /** Formats subjects and takes them apart; {@code id} has index 0, {@code sid} 1. @return always the same. */
    public SubjectTemplate template() {
        return template;
    }
}
