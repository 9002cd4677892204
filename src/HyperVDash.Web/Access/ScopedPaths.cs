using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Access;

/// <summary>Takes the scope off the front of the path, so that pages need not know of it; an unknown scope is left there and is a 404.</summary>
internal static class ScopedPaths
{
    public static void UseScopedPaths(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(Scope.Prefix.TrimEnd('/'), out var rest) && rest.Value is { Length: > 1 } path)
        {
            int end = path.IndexOf('/', 1);
            string id = end < 0 ? path[1..] : path[1..end];
            var fleet = context.RequestServices.GetRequiredService<IFleetFeed>().Current;
            // While a host was never read nobody knows what there is; an open page must find its way back all the same.
            if (!fleet.IsEveryHostTried || Scope.All(fleet).Any(s => s.Id.Equals(id, StringComparison.OrdinalIgnoreCase)))
            {
                context.Request.PathBase = context.Request.PathBase.Add($"{Scope.Prefix}{id}");
                context.Request.Path = end < 0 ? "/" : path[end..];
            }
        }

        return next(context);
    });
}
