using System.Collections.Frozen;
using Acornima;
using Acornima.Ast;

namespace HyperVDash.Rules.Own;

/// <summary>
/// The part of JavaScript that a condition may use. What is left out makes something large, or changes something, in one step, so that the limits on steps
/// and memory would come too late; what is left in is enough to ask.
/// </summary>
internal static class OwnSubset
{
    private static readonly FrozenSet<NodeType> Kinds = new[]
    {
        NodeType.Program, NodeType.ExpressionStatement, NodeType.FunctionExpression, NodeType.ArrowFunctionExpression, NodeType.BlockStatement, NodeType.EmptyStatement,
        NodeType.ReturnStatement, NodeType.IfStatement, NodeType.ForStatement, NodeType.ForOfStatement, NodeType.WhileStatement, NodeType.DoWhileStatement,
        NodeType.BreakStatement, NodeType.ContinueStatement, NodeType.SwitchStatement, NodeType.SwitchCase, NodeType.VariableDeclaration, NodeType.VariableDeclarator,
        NodeType.Identifier, NodeType.Literal, NodeType.ArrayExpression, NodeType.ObjectPattern, NodeType.ArrayPattern, NodeType.Property, NodeType.AssignmentPattern,
        NodeType.AssignmentExpression, NodeType.UpdateExpression, NodeType.UnaryExpression, NodeType.BinaryExpression, NodeType.LogicalExpression,
        NodeType.ConditionalExpression, NodeType.MemberExpression, NodeType.CallExpression, NodeType.NewExpression, NodeType.ChainExpression, NodeType.TemplateLiteral,
        NodeType.TemplateElement, NodeType.SequenceExpression, NodeType.ParenthesizedExpression,
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Made = new[] { "Date", "Map", "RegExp", "Set" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The first thing that may not be used, and why; null: all may be.</summary>
    public static (Node Where, string Reason)? Stranger(Node script)
    {
        var named = new HashSet<Node>();
        foreach (var node in script.DescendantNodesAndSelf())
        {
            if ((Why(node) ?? AskedForNow(node, named)) is { } reason)
            {
                return (node, reason);
            }
        }

        return null;
    }

    /// <summary>The answer would change while nothing is read, and nobody would ask the rule again. A verdict is one of its facts.</summary>
    /// <param name="named">Words that are no use of <c>Date</c> itself, or one that tells no time: a parent comes before its parts.</param>
    private static string? AskedForNow(Node node, HashSet<Node> named)
    {
        switch (node)
        {
            case NewExpression { Callee: Identifier { Name: "Date" } date, Arguments.Count: > 0 }:
                named.Add(date);
                break;
            case MemberExpression { Computed: false } member:
                named.Add(member.Property);
                if (member is { Object: Identifier { Name: "Date" } of, Property: Identifier { Name: "parse" or "UTC" } })
                {
                    named.Add(of);
                }

                break;
        }

        return node is Identifier { Name: "Date" } && !named.Contains(node)
            ? "It may not ask what time it is: it would not be asked again when that changes. Of Date it may use new Date(…) of a fact, Date.parse and Date.UTC."
            : null;
    }

    private static string? Why(Node node) => node switch
    {
        _ when node.Type == NodeType.ObjectExpression => "It may not make objects ({ … }).",
        _ when node.Type is NodeType.SpreadElement or NodeType.RestElement => "It may not use \"...\".",
        _ when !Kinds.Contains(node.Type) => $"It may not use {node.TypeText}.",
        TemplateLiteral { Expressions.Count: > 0 } => "It may not use \"${ }\" in a text; join texts with +.",
        Literal { Kind: TokenKind.BigIntLiteral } => "It may not use numbers with n.",
        IFunction { Async: true } or IFunction { Generator: true } => "It may not use async and generator functions.",
        AssignmentExpression { Left: MemberExpression } or UpdateExpression { Argument: MemberExpression } => "It may not change facts.",
        UnaryExpression { Operator: Operator.Delete } => "It may not change facts.",
        NewExpression made when made.Callee is not Identifier name || !Made.Contains(name.Name) => $"With \"new\" it may make {string.Join(", ", Made.Order(StringComparer.Ordinal))}, and nothing else.",
        _ => null,
    };
}
