using HyperVDash.Cim;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>How long a class may take: as long as a busy machine needs, and next to nothing for the class that is to be waited for in vain.</summary>
internal sealed class Patience
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    private Func<string, bool> _isShort = _ => false;

    /// <param name="className">Null: for every class.</param>
    public void EndsFor(string? className) => _isShort = asked => className is null || asked.Equals(className, StringComparison.OrdinalIgnoreCase);

    public void Returns() => _isShort = _ => false;

    public TimeSpan For(string className) => _isShort(className) ? Short : Long;
}

/// <summary>Gives each question the time that the patience of a test allows it.</summary>
internal sealed class PatientSession(ICimSession inner, Patience patience) : ICimSession
{
    public string Target => inner.Target;

    public IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, CancellationToken cancellationToken) =>
        inner.QueryAsync(query with { Timeout = patience.For(query.Class) }, cancellationToken);

    public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken) =>
        inner.InvokeAsync(call with { Timeout = patience.For(call.Class) }, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
