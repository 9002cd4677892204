using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.SelfTest;

/// <summary>Passes questions on and notes what the host let the account see of each.</summary>
internal sealed class RightsSession(ICimSession session) : ICimSession
{
    private readonly ConcurrentQueue<Answer> _answers = new();

    public string Target => session.Target;

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var right = NamespaceRight.Of(query.Namespace, query.Class, isMethod: false);
        if (right?.HiddenColumn is { } needed && query.Columns is { IsEmpty: false } columns && !columns.Contains(needed, StringComparer.OrdinalIgnoreCase))
        {
            // It asks for other columns, and so tells nothing of the hidden one.
            right = null;
        }

        int rows = 0, hidden = 0;
        await using var answer = session.QueryAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(answer, right, query.Class).ConfigureAwait(false))
        {
            rows++;
            hidden += right?.HiddenColumn is { } column && answer.Current.String(column) is null ? 1 : 0;
            yield return answer.Current;
        }

        Note(right, query.Class, rows > hidden, hidden == 0 ? null : new CimException(
            CimErrorKind.AccessDenied, string.Create(CultureInfo.InvariantCulture, $"{hidden} of {rows} instances of {query.Class} come without {right!.HiddenColumn}.")));
    }

    public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        var right = NamespaceRight.Of(call.Namespace, call.Class, isMethod: true);
        try
        {
            var reply = await session.InvokeAsync(call, cancellationToken).ConfigureAwait(false);
            Note(right, call.Class, isSeen: true, IsDenied(call, reply)
                ? new CimException(CimErrorKind.AccessDenied, string.Create(CultureInfo.InvariantCulture, $"{call.Class}.{call.Method} returns {reply.ReturnValue}.")) : null);
            return reply;
        }
        catch (CimException error)
        {
            Note(right, call.Class, isSeen: false, error);
            throw;
        }
    }

    /// <summary>The whole table, as far as the host was asked.</summary>
    /// <param name="virtualMachines">How the list of VMs came out: the agent notices there that Hyper-V shows an account nothing.</param>
    public IReadOnlyList<RightLine> Lines(Attempt virtualMachines) =>
        [.. NamespaceRight.All.Select(right => Line(right, [.. _answers.Where(a => a.Right == right)], virtualMachines))];

    public ValueTask DisposeAsync() => session.DisposeAsync();

    /// <summary>Methods may be called and still not show the thing. Of an image file it is the file that may not be opened, by whomever.</summary>
    private static bool IsDenied(CimCall call, CimReply reply) => call.Class switch
    {
        "StdRegProv" => reply.ReturnValue == 5,
        "Msvm_VirtualSystemManagementService" => reply.ReturnValue == 32769,
        _ => false,
    };

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<CimRow> rows, NamespaceRight? right, string className)
    {
        try
        {
            return await rows.MoveNextAsync().ConfigureAwait(false);
        }
        catch (CimException error)
        {
            Note(right, className, isSeen: false, error);
            throw;
        }
    }

    private void Note(NamespaceRight? right, string className, bool isSeen, CimException? error)
    {
        if (right is not null)
        {
            _answers.Enqueue(new Answer(right, className, isSeen, error));
        }
    }

    private static RightLine Line(NamespaceRight right, List<Answer> answers, Attempt virtualMachines)
    {
        var denied = answers.Where(a => a.Error is { Kind: CimErrorKind.AccessDenied }).ToList();
        bool isHyperV = right.Namespace.StartsWith("root/virtualization", StringComparison.Ordinal);
        var (state, reason) = answers switch
        {
            [] => (RightState.NotAsked, null),
            _ when denied.Count > 0 => (RightState.Denied, Reason(denied, answers)),
            _ when answers.TrueForAll(a => a.Error is { Kind: CimErrorKind.NoSuchNamespace }) => (RightState.Absent, null),
            _ when isHyperV && virtualMachines.State == SectionState.Denied => (RightState.Denied, virtualMachines.Reason),
            _ when answers.Exists(a => a.IsSeen) => (RightState.Allowed, null),
            // Without a class or a column the release does not know it; the namespace was open all the same.
            _ when answers.Exists(a => a.Error is null or { Kind: CimErrorKind.NoSuchClassOrProperty }) => right.IsSilent
                ? (RightState.Unproven, "the host answers with nothing, and so it would without the right.")
                : (RightState.Allowed, null),
            _ => (RightState.Failed, answers.Find(a => a.Error is { Kind: not CimErrorKind.NoSuchNamespace })?.Error?.Message),
        };
        return new(right.Namespace, right.Asks, state, right.Needs, right.Grant, reason) { IsForAll = right.IsForAll };
    }

    private static string Reason(List<Answer> denied, List<Answer> all)
    {
        var names = denied.Select(a => a.Class).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
        string where = names.Count == all.Select(a => a.Class).Distinct(StringComparer.OrdinalIgnoreCase).Count() ? "" : $"{string.Join(", ", names)}: ";
        // The table itself tells what each namespace needs.
        return where + denied[0].Error!.Message.Replace($" {denied[0].Right.Advice(denied[0].Class)}", "", StringComparison.Ordinal);
    }

    private sealed record Answer(NamespaceRight Right, string Class, bool IsSeen, CimException? Error);
}
