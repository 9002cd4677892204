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
        foreach (var node in script.DescendantNodesAndSelf())
        {
            if (Why(node) is { } reason)
            {
                return (node, reason);
            }
        }

        return null;
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
